#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Write made-*.xml: synthetic machines of hwloc's lstopo (2.9), each with one
thing changed that the synthetic language cannot say.  Run it in this folder."""
import subprocess
import xml.etree.ElementTree as ET


def synthetic(description):
    xml = subprocess.run(
        ["lstopo-no-graphics", "-i", description, "--of", "xml", "-"],
        capture_output=True, text=True, check=True).stdout
    return ET.fromstring(xml[xml.index("<topology"):])


def save(root, name):
    with open("made-%s.xml" % name, "w") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n'
                   '<!DOCTYPE topology SYSTEM "hwloc2.dtd">\n')
        file.write(ET.tostring(root, encoding="unicode"))


def bits(indexes):
    mask, words = sum(1 << i for i in set(indexes)), []
    while mask or not words:
        words.append("0x%08x" % (mask & 0xffffffff))
        mask >>= 32
    return ",".join(reversed(words))


def indexes(text):
    mask = int("".join(word[2:].zfill(8) for word in text.split(",")), 16)
    return [i for i in range(mask.bit_length()) if mask >> i & 1]


def add_kind(root, pus, efficiency, **infos):
    kind = ET.SubElement(root, "cpukind", cpuset=bits(pus),
                         forced_efficiency=str(efficiency))
    for name, value in infos.items():
        ET.SubElement(kind, "info", name=name, value=str(value))


def add_memory_node(root, index, size, **more):
    machine = root.find("object")
    node = ET.Element(
        "object", type="NUMANode", os_index=str(index), cpuset="0x0",
        complete_cpuset="0x0", nodeset=bits([index]),
        complete_nodeset=bits([index]), gp_index=str(1000 + index),
        local_memory=str(size), **more)
    machine.insert(len([c for c in machine if c.tag != "object"]), node)
    for key in ("nodeset", "complete_nodeset", "allowed_nodeset"):
        machine.set(key, bits(indexes(machine.get(key)) + [index]))


def take_offline(root, pu):
    for parent in root.iter("object"):
        for child in list(parent):
            if (child.get("type"), child.get("os_index")) == ("PU", str(pu)):
                parent.remove(child)
    for thing in root.iter("object"):
        for key in ("cpuset", "allowed_cpuset"):
            if thing.get(key):
                thing.set(key, bits(set(indexes(thing.get(key))) - {pu}))


# Three kinds, of which two are the same core at different clocks.
r = synthetic("pack:1 core:16 pu:1")
add_kind(r, range(14, 16), 0, CoreType="IntelAtom", FrequencyMaxMHz=2500)
add_kind(r, range(6, 14), 1, CoreType="IntelAtom", FrequencyMaxMHz=3800)
add_kind(r, range(0, 6), 2, CoreType="IntelCore", FrequencyMaxMHz=4800)
save(r, "three-kinds")

# Favoured cores (Turbo Boost Max) are no kind of their own.
r = synthetic("pack:1 core:8 pu:2")
add_kind(r, range(0, 12), 0, CoreType="IntelCore", FrequencyMaxMHz=4800)
add_kind(r, range(12, 16), 1, CoreType="IntelCore", FrequencyMaxMHz=5000)
save(r, "favoured")

# Arm: nothing but a capacity.
r = synthetic("pack:1 core:8 pu:1")
add_kind(r, range(0, 4), 0, LinuxCapacity=290)
add_kind(r, range(4, 7), 1, LinuxCapacity=940)
add_kind(r, [7], 2, LinuxCapacity=1024)
save(r, "arm-4-3-1")

# POWER9 with GPUs: their memory is a node without processors.
r = synthetic("pack:2 [numa] core:8 pu:4")
for node in (252, 253, 254, 255):
    add_memory_node(r, node, 16 << 30)
save(r, "gpu-nodes")

# Memory behind CXL.
r = synthetic("pack:2 [numa] core:4 pu:2")
add_memory_node(r, 2, 64 << 30, subtype="CXL")
save(r, "cxl")

# High-bandwidth memory beside DRAM in each package.
r = synthetic("pack:2 [numa] [numa] core:4 pu:2")
nodes = [o for o in r.iter("object") if o.get("type") == "NUMANode"]
for i, node in enumerate(nodes):
    node.set("local_memory", str((64 if i % 2 else 256) << 30))
    if i % 2:
        node.set("subtype", "HBM")
save(r, "hbm")

# Siblings and a whole core's second thread that are offline.
r = synthetic("pack:1 core:4 pu:2")
for pu in (1, 2, 7):
    take_offline(r, pu)
save(r, "offline")

# A control group that cuts across cores and packages.
r = synthetic("pack:2 [numa] core:4 pu:2")
r.find("object").set("allowed_cpuset", bits([3, 8, 9, 10, 11, 12]))
save(r, "asym-allowed")

# A control group whose memory is that of one node.
r = synthetic("pack:2 [numa] core:4 pu:2")
r.find("object").set("allowed_nodeset", bits([0]))
save(r, "node-forbidden")

# POWER in SMT3: five of eight threads of each core are offline.
r = synthetic("pack:2 [numa] core:3 pu:8")
for core in range(6):
    for thread in range(3, 8):
        take_offline(r, core * 8 + thread)
save(r, "ppc-smt8")
