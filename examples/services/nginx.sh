#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# An nginx that serves one page on the port given:
#     nginx.sh setup | run PORT
set -eu
folder=$TARE_TMPDIR/nginx
PATH=$PATH:/usr/sbin

case $1 in
setup)
    command -v nginx >/dev/null || {
        echo 'nginx is not installed (package nginx-light)'
        exit 77
    }
    mkdir -p "$folder/pages"
    chmod a+x "$TARE_TMPDIR" "$folder"
    seq 1 200 >"$folder/pages/page.html"
    cat >"$folder/nginx.conf" <<END
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr;
events { worker_connections 64; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
    uwsgi_temp_path t4; scgi_temp_path t5;
    server { listen 127.0.0.1:$2; root pages; }
}
END
    ;;
run)
    exec nginx -p "$folder" -c nginx.conf -e stderr
    ;;
esac
