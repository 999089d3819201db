using Kontena.Fuzz.Engine;
using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Machines;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Fuzz.Targets;

/// <summary>
/// The AWS driver on answers that are damaged: a right answer or a typed fault, and an absence only where a whole answer says so.
/// The answers come from a real endpoint on loopback, through the AWS runtime.
/// </summary>
internal sealed class Ec2Target : FuzzTarget
{
    private const string Id = "i-0123456789abcdef0";
    private const string Installation = "installation-1";

    private readonly WebApplication endpoint;
    private AwsDriver driver = null!; // set by StartAsync, the only way to an instance
    private Ec2Input answer = new(500, "list", []);

    private Ec2Target(WebApplication endpoint) => this.endpoint = endpoint;

    public override string Name => "ec2";

    public override IReadOnlyList<string> Words { get; } =
    [
        "<item>", "</item>", "<item/>", "<reservationSet>", "</reservationSet>", "<reservationSet/>", "<instancesSet>", "</instancesSet>", "<instancesSet/>",
        $"<instanceId>{Id}</instanceId>", "<instanceId/>", "<instanceId>i-0fedcba9876543210</instanceId>", "<nextToken>2</nextToken>", "<nextToken/>",
        "<DescribeInstancesResponse>", "</DescribeInstancesResponse>", "<Response><Errors><Error><Code>", "InvalidInstanceID.NotFound", "<Code>", "</Code>",
        "<!DOCTYPE a [<!ENTITY b \"c\">]>", "&b;", "&#0;", "&#x41;", "&lt;", "<![CDATA[", "]]>", "<!--", "-->", "<?xml version=\"1.0\" encoding=\"UTF-16\"?>", " xmlns=\"\"",
        "<instanceState><code>48</code></instanceState>", "<code>", "</code>", "99999999999", "<tagSet><item><key>kontena-installation</key><value>x</value></item></tagSet>",
    ];

    public static async Task<Ec2Target> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var target = new Ec2Target(builder.Build());
        target.endpoint.Map("/{**path}", target.AnswerAsync);
        await target.endpoint.StartAsync();
        var settings = new AwsSettings { Region = "eu-west-1", InstanceTypes = ["t3.small"], Endpoint = target.endpoint.Urls.Single() };
        var keys = new Dictionary<string, string> { [AwsCredentials.AccessKeyId] = "AKID", [AwsCredentials.SecretAccessKey] = "SECRET" };
        target.driver = AwsDriver.Open(settings, new ProviderCredentials("test", keys), new DriverEnvironment(TimeProvider.System, NullLoggerFactory.Instance, Installation));
        return target;
    }

    public override byte[] Next(Random random, IReadOnlyList<byte[]> corpus)
    {
        var parsed = corpus.Select(Ec2Input.Parse).OfType<Ec2Input>().ToList();
        var chosen = parsed[random.Next(parsed.Count)];
        var body = new Mutator(random, Words).Mutate([chosen.Body, chosen.Body, .. parsed.Select(p => p.Body)]);
        return (chosen with
        {
            Status = random.Next(8) == 0 ? Ec2Input.Statuses[random.Next(Ec2Input.Statuses.Length)] : chosen.Status,
            Question = Ec2Input.Questions[random.Next(Ec2Input.Questions.Length)],
            Body = body,
        }).Write();
    }

    public override async Task CheckAsync(byte[] input)
    {
        if (Ec2Input.Parse(input) is not { } damaged) return;
        answer = damaged;
        var said = Ec2Oracle.Instances(damaged);
        switch (damaged.Question)
        {
            case "id":
                Judge(await driver.FindAsync(new MachineQuery.ById($"aws:///eu-west-1a/{Id}"), CancellationToken.None), said, damaged, Ec2Oracle.SaysNotFound(damaged));
                break;
            case "attempt":
                var query = new MachineQuery.ByAttempt(new MachineMarks(Installation, "pool-1", "node-1", 1), "token-1");
                Judge(await driver.FindAsync(query, CancellationToken.None), said, damaged, notFound: false);
                break;
            case "list":
                await JudgeListAsync(said);
                break;
        }
    }

    public override async ValueTask DisposeAsync()
    {
        driver.Dispose();
        await endpoint.StopAsync(new CancellationToken(canceled: true));
        await endpoint.DisposeAsync();
        await base.DisposeAsync();
    }

    private static void Judge(Lookup lookup, IReadOnlyList<string>? said, Ec2Input damaged, bool notFound)
    {
        switch (lookup)
        {
            case Lookup.ConfirmedAbsent when !notFound && said is not { Count: 0 }:
                throw new PromiseBroken($"an absence made of a damaged answer: {said?.Count.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "no whole list"}");
            case Lookup.Found found when said is null || !found.Machines.All(m => said.Contains(m.ProviderId.Split('/')[^1])):
                throw new PromiseBroken("a machine made of a damaged answer");
            case Lookup.Found { Machines: [var machine] } when damaged.Question == "id" && !machine.ProviderId.EndsWith(Id, StringComparison.Ordinal):
                throw new PromiseBroken("another machine than the one that was asked for");
            case Lookup.Found { Machines.Count: 0 }:
                throw new PromiseBroken("found nothing");
        }
    }

    private async Task JudgeListAsync(IReadOnlyList<string>? said)
    {
        try
        {
            var listing = await driver.ListAsync(Installation, CancellationToken.None);
            if (said is null) throw new PromiseBroken($"a listing of {listing.Machines.Count} machines made of a damaged answer");
            if (listing.Machines.Count != said.Count) throw new PromiseBroken($"a listing of {listing.Machines.Count} machines made of {said.Count}");
        }
        catch (DriverException)
        {
            // A typed fault: nobody forgets anything for it.
        }
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = "text/xml;charset=UTF-8";
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body);
    }
}
