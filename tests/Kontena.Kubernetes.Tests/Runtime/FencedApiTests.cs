using System.Text.Json.Nodes;
using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.TestKit;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Kubernetes.Tests.Runtime;

public sealed class FencedApiTests
{
    private static readonly TimeSpan margin = TimeSpan.FromSeconds(4);

    private readonly MemoryApi inner = new(new ManualTime());
    private readonly Term term = new();

    private FencedApi Subject => new(inner, term, margin);

    [Test]
    public async Task Writes_WhileLeading_ArriveAndTheMarginIsAskedFor()
    {
        var made = await Subject.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default);
        await Subject.DeleteAsync(Widgets.Kind, made.Metadata.Key, new DeleteQuery(), default);

        Assert.That(inner.Peek(Widgets.Kind, Widgets.Key("a")), Is.Null);
        Assert.That(term.Asked, Is.EqualTo(new[] { margin, margin }));
    }

    [Test]
    public async Task Writes_LeadershipLost_AreNotSentAndSayThatNothingWasDone()
    {
        var made = await inner.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default);
        inner.ClearCalls();
        term.MayWriteNow = false;
        Func<Task>[] writes =
        [
            () => Subject.CreateAsync(Widgets.Kind, Widgets.Named("b"), WriteOptions.Default, default),
            () => Subject.UpdateAsync(Widgets.Kind, made, WriteOptions.Status, default),
            () => Subject.PatchAsync(Widgets.Kind, made.Metadata.Key, Patch.Merge(new JsonObject()), WriteOptions.Default, default),
            () => Subject.DeleteAsync(Widgets.Kind, made.Metadata.Key, new DeleteQuery(), default),
        ];

        foreach (var write in writes)
        {
            var fault = Assert.ThrowsAsync<KubeFault>(() => write())!;
            Assert.That((fault.Reason, fault.OutcomeUnknown), Is.EqualTo((FaultReason.Unreachable, false)));
            Assert.That(fault.Message, Does.EndWith("was not sent: this process is not the leader any more."));
        }
        Assert.That(inner.Calls, Is.Empty);
    }

    [Test]
    public async Task Reads_LeadershipLost_GoOn()
    {
        await inner.CreateAsync(Widgets.Kind, Widgets.Named("a"), WriteOptions.Default, default);
        term.MayWriteNow = false;

        var list = await Subject.ListAsync(Widgets.Kind, new ListQuery("shop"), default);

        Assert.That(list.Items.Select(w => w.Metadata.Name), Is.EqualTo(new[] { "a" }));
    }

    private sealed class Term : ILeadership
    {
        public bool MayWriteNow { get; set; } = true;

        public List<TimeSpan> Asked { get; } = [];

        public CancellationToken Lost => CancellationToken.None;

        public DateTimeOffset? TakenOver => null;

        public TimeSpan? LeadingFor => null;

        public bool MayWrite(TimeSpan margin)
        {
            Asked.Add(margin);
            return MayWriteNow;
        }
    }
}
