using Kontena.Operator.Core.Api.Providers;
using Kontena.Operator.Core.Ports;
using Kontena.Operator.Providers.Aws;
using Kontena.Operator.Providers.Shared;
using Kontena.Operator.Providers.Tests.Contract;
using Kontena.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kontena.Operator.Providers.Tests.Aws;

/// <summary><see cref="GroupsInMemory"/> behind a socket, with the troubles of a network before it.</summary>
internal sealed class WiredFirewalls : FirewallCloud
{
    private readonly ScriptedEc2 server;
    private readonly List<IDisposable> opened = [];
    private readonly Lock gate = new();
    private (Breakage Kind, int Left)? breakage;
    private bool losesNext;
    private int hung;
    private int hungBefore;

    private WiredFirewalls(ScriptedEc2 server) => this.server = server;

    public static async Task<WiredFirewalls> StartAsync(CancellationToken ct)
    {
        var wired = new WiredFirewalls(await ScriptedEc2.StartAsync(ct));
        wired.server.Then(wired.AnswerAsync);
        return wired;
    }

    public GroupsInMemory Groups { get; } = new();

    public ManualTime Time => server.Time;

    public AwsSettings Aws => server.Settings with { Tags = new Dictionary<string, string> { ["team"] = "web" } };

    public override ProviderSettings Settings => Aws;

    public override string Network => GroupsInMemory.Vpc;

    public override string UnknownId => "sg-0fffffffffffffff0";

    public override int Writes => server.Seen.Count(r => !IsRead(r.Form["Action"]));

    public int Count(string action) => server.Seen.Count(r => r.Form["Action"] == action);

    public IReadOnlyDictionary<string, string> Last(string action) => server.Seen.Last(r => r.Form["Action"] == action).Form;

    public override IFirewallDriver Open() => OpenDriver().Firewalls!;

    public AwsDriver OpenDriver(WriteFence? fence = null)
    {
        var driver = AwsDriver.Open(Aws, SimulatedEc2.Keys, new DriverEnvironment(Time, NullLoggerFactory.Instance, Requests.Installation) { Fence = fence ?? WriteFence.Open });
        opened.Add(driver);
        return driver;
    }

    public override int CountNamed(string name) => Groups.All.Count(g => g.Name == name);

    public override IReadOnlyList<string> WordsOfRules(string id) => [.. Groups[id].Rules.Values.Select(words => words ?? "")];

    public override string AddForeign(string name) => Groups.Add(name, Network, new Dictionary<string, string> { ["Name"] = "somebody else's" }).Id;

    public override void AddRuleByHand(string id, int port, string network, string words) => Groups[id].Rules.Add($"tcp {port} {port} {network}", words);

    public override string AddMachine(string installation, params string[] firewalls) =>
        $"aws:///eu-west-1a/{Groups.AddInstance(new Dictionary<string, string> { ["kontena-installation"] = installation }, firewalls).Id}";

    public override IReadOnlyList<string> Attached(string providerId) => InstanceOf(providerId).Groups;

    public override void End(string providerId) => InstanceOf(providerId).IsAlive = false;

    public override void BreakReads(Breakage breakage, int nth) => this.breakage = (breakage, nth - 1);

    public override void LoseNextAnswer() => losesNext = true;

    public override async Task PassDeadlineAsync(Task call, CancellationToken ct)
    {
        if (breakage is not { Kind: Breakage.Hang }) return;
        await Eventually.HoldsAsync(() => Task.FromResult(call.IsCompleted || Volatile.Read(ref hung) > hungBefore), "the hanging call arrived", TimeSpan.FromSeconds(20), ct);
        hungBefore = Volatile.Read(ref hung);
        Time.Advance(TimeSpan.FromSeconds(31));
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var driver in opened) driver.Dispose();
        await server.DisposeAsync();
    }

    private GroupsInMemory.Instance InstanceOf(string providerId) => Groups.InstanceOf(providerId.Split('/')[^1]);

    private static bool IsRead(string action) => action.StartsWith("Describe", StringComparison.Ordinal);

    private async Task AnswerAsync(HttpContext context, SeenRequest request)
    {
        var isRead = IsRead(request.Form["Action"]);
        if (isRead && breakage is { } broken)
        {
            breakage = broken with { Left = broken.Left - 1 };
            if (broken.Left <= 0)
            {
                await BreakAsync(context, request, broken.Kind);
                return;
            }
        }
        var (status, document) = Answer(request);
        if (!isRead && losesNext)
        {
            losesNext = false;
            context.Abort();
            return;
        }
        await WriteAsync(context, status, document);
    }

    private (int Status, string Document) Answer(SeenRequest request)
    {
        try
        {
            lock (gate) return (200, Groups.Answer(request.Form));
        }
        catch (GroupsInMemory.Refused e)
        {
            return (400, ScriptedEc2.Error(e.Code, e.Message));
        }
    }

    private async Task BreakAsync(HttpContext context, SeenRequest request, Breakage kind)
    {
        switch (kind)
        {
            case Breakage.Hang:
                Interlocked.Increment(ref hung);
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                break;
            case Breakage.Cut:
                context.Abort();
                break;
            case Breakage.HalfPage:
                var whole = Answer(request).Document;
                await WriteAsync(context, 200, whole[..(whole.Length / 2)]);
                break;
            default:
                var (status, code) = Refusal(kind);
                await WriteAsync(context, status, ScriptedEc2.Error(code, "broken on purpose"));
                break;
        }
    }

    private static (int Status, string Code) Refusal(Breakage kind) => kind switch
    {
        Breakage.Unauthorized => (401, "AuthFailure"),
        Breakage.Forbidden => (403, "UnauthorizedOperation"),
        Breakage.Throttled => (503, "RequestLimitExceeded"),
        Breakage.ServerError => (500, "InternalError"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "unknown breakage"),
    };

    private static async Task WriteAsync(HttpContext context, int status, string document)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/xml";
        await context.Response.WriteAsync(document);
    }
}
