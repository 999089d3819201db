"""Signs requests as botocore does: prints one JSON line a request with what must come out."""
import json
import random
import sys

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

seed = random.Random(int(sys.argv[1]))
LETTERS = "abcXYZ019 -_.~+/=&?%:*äß€"


def text(most):
    return "".join(seed.choice(LETTERS) for _ in range(seed.randrange(most + 1)))


for number in range(40):
    secret, token = "s" + text(39), (text(60).strip().encode("ascii", "ignore").decode() or None) if number % 3 == 0 else None
    region, service = seed.choice(["eu-west-1", "us-east-1"]), seed.choice(["ec2", "sts"])
    body = "Action=Describe&Version=1&V=" + text(80)
    signer = SigV4Auth(Credentials("AKIDEXAMPLE", secret, token), service, region)
    request = AWSRequest("POST", "http://127.0.0.1:4566/", data=body.encode(),
                         headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-Amz-Note": "a  b " + str(number)})
    signer.add_auth(request)
    headers = {name: str(value) for name, value in request.headers.items()}
    headers["Host"] = "127.0.0.1:4566"
    print(json.dumps({"secret": secret, "body": body, "headers": headers}))
