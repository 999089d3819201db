"""Drives the simulator with the real boto3, as a user of EC2 would; fails with an assertion that says what differed."""
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

address, image, subnet = sys.argv[1:4]
key, secret = os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"]
config = Config(retries={"max_attempts": 1, "mode": "standard"}, connect_timeout=5, read_timeout=10, proxies={})


def client(service, region="eu-west-1", **credentials):
    credentials = credentials or dict(aws_access_key_id=key, aws_secret_access_key=secret)
    return boto3.client(service, region_name=region, endpoint_url=address, config=config, **credentials)


def code_of(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        assert error.response["ResponseMetadata"].get("RequestId"), error.response
        return error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
    raise AssertionError(f"{call.__name__} with {arguments} was not refused")


def same(got, want, what):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


ec2 = client("ec2")
request = dict(
    ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, ClientToken="boto-1", UserData="#cloud-config\n", KeyName="kontena",
    NetworkInterfaces=[dict(DeviceIndex=0, SubnetId=subnet, AssociatePublicIpAddress=True)],
    MetadataOptions=dict(HttpTokens="required", HttpPutResponseHopLimit=2),
    BlockDeviceMappings=[dict(DeviceName="/dev/xvda", Ebs=dict(VolumeSize=30, VolumeType="gp3", Encrypted=True, DeleteOnTermination=True))],
    TagSpecifications=[dict(ResourceType="instance", Tags=[dict(Key="kontena-node", Value="n1"), dict(Key="Name", Value="a b&<>ü")])])
reservation = ec2.run_instances(**request)
first = reservation["Instances"][0]
same(first["State"], {"Code": 0, "Name": "pending"}, "state at launch")
same(first["MetadataOptions"]["HttpTokens"], "required", "metadata options")
same(first["SubnetId"], subnet, "subnet")
same({t["Key"]: t["Value"] for t in first["Tags"]}, {"kontena-node": "n1", "Name": "a b&<>ü"}, "tags")
again = ec2.run_instances(**request)
same(again["Instances"][0]["InstanceId"], first["InstanceId"], "the same token")
same(code_of(ec2.run_instances, **{**request, "InstanceType": "t3.medium"}), ("IdempotentParameterMismatch", 400), "other parameters")

ec2.get_waiter("instance_running").wait(InstanceIds=[first["InstanceId"]], WaiterConfig=dict(Delay=1, MaxAttempts=20))
running = ec2.describe_instances(InstanceIds=[first["InstanceId"]])["Reservations"][0]["Instances"][0]
assert running["PublicIpAddress"].startswith("198."), running
assert running["LaunchTime"].tzinfo is not None

for number in range(11):
    ec2.run_instances(ImageId=image, InstanceType="t3.small", MinCount=1, MaxCount=1, ClientToken=f"page-{number}",
                      TagSpecifications=[dict(ResourceType="instance", Tags=[dict(Key="pool", Value="web")])])
    time.sleep(0.6 if number > 2 else 0)  # RunInstances is throttled to 2 a second after a burst of 5
pages = list(ec2.get_paginator("describe_instances").paginate(
    Filters=[dict(Name="tag:pool", Values=["w*"]), dict(Name="instance-state-name", Values=["pending", "running"])], PaginationConfig=dict(PageSize=5)))
same([sum(len(r["Instances"]) for r in p["Reservations"]) for p in pages], [5, 5, 1], "pages")
same(len({i["InstanceId"] for p in pages for r in p["Reservations"] for i in r["Instances"]}), 11, "distinct instances over the pages")
same([i["InstanceId"] for r in ec2.describe_instances(Filters=[dict(Name="client-token", Values=["boto-1"])])["Reservations"] for i in r["Instances"]],
     [first["InstanceId"]], "by client token")

images = ec2.describe_images(Owners=["075585003325"], Filters=[dict(Name="name", Values=["Flatcar-stable-*-hvm"]), dict(Name="architecture", Values=["x86_64"])])
assert image in [i["ImageId"] for i in images["Images"]], images
same([z["ZoneName"] for z in ec2.describe_availability_zones()["AvailabilityZones"]], ["eu-west-1a", "eu-west-1b", "eu-west-1c"], "zones")
same(len(ec2.describe_subnets(Filters=[dict(Name="default-for-az", Values=["true"])])["Subnets"]), 3, "subnets")
same(ec2.describe_vpcs()["Vpcs"][0]["IsDefault"], True, "default VPC")
same(ec2.describe_security_groups()["SecurityGroups"][0]["GroupName"], "default", "default group")
same(ec2.describe_key_pairs(KeyNames=["kontena"])["KeyPairs"][0]["KeyName"], "kontena", "key pair")
same(ec2.describe_instance_types(InstanceTypes=["t3.small"])["InstanceTypes"][0]["VCpuInfo"]["DefaultVCpus"], 2, "vCPUs")
ec2.create_tags(Resources=[first["InstanceId"]], Tags=[dict(Key="more", Value="")])
same([t["Value"] for t in ec2.describe_tags(Filters=[dict(Name="key", Values=["more"])])["Tags"]], [""], "created tag")

same(code_of(ec2.describe_instances, InstanceIds=["i-0123456789abcdef0"]), ("InvalidInstanceID.NotFound", 400), "unknown id")
same(code_of(ec2.describe_instances, InstanceIds=["nonsense"]), ("InvalidInstanceID.Malformed", 400), "malformed id")
same(code_of(ec2.run_instances, ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1), ("InvalidAMIID.NotFound", 400), "unknown image")
same(code_of(ec2.describe_instances, DryRun=True), ("DryRunOperation", 412), "dry run")
same(code_of(ec2.describe_volumes), ("InvalidAction", 400), "an action that is not simulated")
same(code_of(client("ec2", aws_access_key_id=key, aws_secret_access_key="wrong").describe_instances), ("AuthFailure", 401), "wrong secret")

role = client("sts").assume_role(RoleArn="arn:aws:iam::000000000000:role/kontena-operator", RoleSessionName="boto")["Credentials"]
session = client("ec2", aws_access_key_id=role["AccessKeyId"], aws_secret_access_key=role["SecretAccessKey"], aws_session_token=role["SessionToken"])
assert session.describe_instances(MaxResults=5)["Reservations"]

gone = ec2.terminate_instances(InstanceIds=[first["InstanceId"]])["TerminatingInstances"][0]
same((gone["PreviousState"]["Name"], gone["CurrentState"]["Name"]), ("running", "shutting-down"), "termination")
ec2.get_waiter("instance_terminated").wait(InstanceIds=[first["InstanceId"]], WaiterConfig=dict(Delay=1, MaxAttempts=20))
same(code_of(ec2.run_instances, **request), ("IdempotentInstanceTerminated", 400), "the token of a terminated instance")
print("driven")
