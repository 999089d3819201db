# Reads user-data on standard input as cloud-init does, and prints the cloud-config that all parts make together, as JSON.
import json
import sys
import tempfile

from cloudinit import handlers, helpers, user_data, util
from cloudinit.handlers.cloud_config import CloudConfigPartHandler

with tempfile.TemporaryDirectory() as folder:
    paths = helpers.Paths({"cloud_dir": folder, "run_dir": folder})
    handler = CloudConfigPartHandler(paths)
    handler.handle_part(None, handlers.CONTENT_START, None, None, None, None)
    scripts = []
    for part in user_data.UserDataProcessor(paths).process(sys.stdin.buffer.read()).walk():
        if part.is_multipart():
            continue
        payload = util.fully_decoded_payload(part)
        if part.get_content_type() == "text/cloud-config":
            handler.handle_part(None, part.get_content_type(), part.get_filename(), payload, "always", dict(part))
        else:
            text = payload if isinstance(payload, str) else payload.decode()
            scripts.append([part.get_content_type(), part.get_filename(), text])
    print(json.dumps({"config": handler.cloud_buf, "others": scripts}))
