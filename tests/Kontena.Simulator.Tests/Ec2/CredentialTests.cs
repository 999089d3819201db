namespace Kontena.Simulator.Tests.Ec2;

public sealed class CredentialTests
{
    private const string Role = "arn:aws:iam::000000000000:role/kontena-operator";

    [Test]
    public async Task Call_WrongSecretOrKey_IsAnAuthFailure()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Secret = "wrong";
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("401 AuthFailure"));
        Assert.That((await ec2.StsAsync("GetCallerIdentity")).Outcome, Is.EqualTo("403 SignatureDoesNotMatch"));
        ec2.AccessKeyId = "AKIANOBODYKNOWSTHIS1";
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("401 AuthFailure"));
        Assert.That((await ec2.StsAsync("GetCallerIdentity")).Outcome, Is.EqualTo("403 InvalidClientTokenId"));
    }

    [TestCase(-6, "400 RequestExpired")]
    [TestCase(-4, "200")]
    [TestCase(4, "200")]
    [TestCase(6, "401 AuthFailure")]
    public async Task Call_ClockOff_IsTakenWithinFiveMinutes(int minutes, string outcome)
    {
        await using var ec2 = await Ec2Session.StartAsync();
        ec2.Skew = TimeSpan.FromMinutes(minutes);
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo(outcome));
    }

    [Test]
    public async Task Call_ChangedAfterSigning_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Task<Ec2Answer> Spoiled(Action<HttpRequestMessage> spoil) => ec2.SendAsync("ec2", "2016-11-15", "DescribeInstances", [], spoil);

        Assert.Multiple(async () =>
        {
            Assert.That((await Spoiled(r => r.Headers.Authorization = null)).Outcome, Is.EqualTo("403 MissingAuthenticationToken"));
            Assert.That((await Spoiled(r => r.Headers.Authorization = new("Basic", "eDp5"))).Outcome, Is.EqualTo("400 IncompleteSignature"));
            Assert.That((await Spoiled(r => r.Headers.Add("x-amz-note", "unsigned"))).Outcome, Is.EqualTo("400 IncompleteSignature"));
            Assert.That((await Spoiled(r => r.Content = new StringContent("Action=TerminateInstances&Version=2016-11-15"))).Outcome, Is.EqualTo("401 AuthFailure"));
            Assert.That((await Spoiled(r => r.Headers.Host = "ec2.eu-west-1.amazonaws.com")).Outcome, Is.EqualTo("401 AuthFailure"));
            Assert.That((await Spoiled(_ => { })).Outcome, Is.EqualTo("200"));
        });
    }

    [Test]
    public async Task Call_RegionOrServiceThatIsNotThere_IsAnAuthFailure()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.SendAsync("s3", "2016-11-15", "DescribeInstances", [])).Outcome, Is.EqualTo("401 AuthFailure"));
        ec2.Region = "mars-north-1";
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("401 AuthFailure"));
    }

    [Test]
    public async Task Call_ActionOrVersionThatIsNotThere_IsRefused()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        Assert.That((await ec2.CallAsync("CreateVpc", "CidrBlock", "10.0.0.0/16")).Outcome, Is.EqualTo("400 InvalidAction"));
        Assert.That((await ec2.CallAsync("")).Outcome, Is.EqualTo("400 MissingAction"));
        Assert.That((await ec2.SendAsync("ec2", "2008-01-01", "DescribeInstances", [])).Outcome, Is.EqualTo("400 NoSuchVersion"));
        Assert.That((await ec2.Http.GetAsync("/")).StatusCode, Is.EqualTo(System.Net.HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task AssumeRole_ItsKeys_OpenEc2UntilTheyExpire()
    {
        await using var ec2 = await Ec2Session.StartAsync();
        var session = await ec2.StsAsync("AssumeRole", "RoleArn", Role, "RoleSessionName", "test", "DurationSeconds", "900");
        Assert.That(session.Status, Is.EqualTo(200), session.Body);
        Assert.That(session.Text("Arn"), Is.EqualTo("arn:aws:sts::000000000000:assumed-role/kontena-operator/test"));
        Assert.That(session.Text("Expiration"), Is.EqualTo("2026-01-01T00:15:00Z"));
        (ec2.AccessKeyId, ec2.Secret) = (session.Text("AccessKeyId"), session.Text("SecretAccessKey"));

        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("401 AuthFailure"), "without the token");
        ec2.SessionToken = "another";
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("401 AuthFailure"), "with another token");
        ec2.SessionToken = session.Text("SessionToken");
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("200"));
        Assert.That((await ec2.StsAsync("GetCallerIdentity")).Text("Arn"), Does.EndWith("assumed-role/kontena-operator/test"));
        ec2.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.That((await ec2.CallAsync("DescribeInstances")).Outcome, Is.EqualTo("400 RequestExpired"));
        Assert.That((await ec2.StsAsync("GetCallerIdentity")).Outcome, Is.EqualTo("403 ExpiredToken"));
    }

    [TestCase("403 AccessDenied", "RoleArn", "arn:aws:iam::000000000000:role/other", "RoleSessionName", "test")]
    [TestCase("403 AccessDenied", "RoleArn", "arn:aws:iam::1:role/guarded", "RoleSessionName", "test")]
    [TestCase("403 AccessDenied", "RoleArn", "arn:aws:iam::1:role/guarded", "RoleSessionName", "test", "ExternalId", "no")]
    [TestCase("200", "RoleArn", "arn:aws:iam::1:role/guarded", "RoleSessionName", "test", "ExternalId", "yes")]
    [TestCase("400 ValidationError", "RoleArn", Role)]
    [TestCase("400 ValidationError", "RoleArn", Role, "RoleSessionName", "a b")]
    [TestCase("400 ValidationError", "RoleArn", Role, "RoleSessionName", "test", "DurationSeconds", "899")]
    public async Task AssumeRole_Otherwise_IsRefused(string outcome, params string[] parameters)
    {
        await using var ec2 = await Ec2Session.StartAsync(new() { Roles = [new(Role), new("arn:aws:iam::1:role/guarded", "yes")] });
        Assert.That((await ec2.StsAsync("AssumeRole", parameters)).Outcome, Is.EqualTo(outcome));
    }
}
