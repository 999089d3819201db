using Kontena.Kubernetes.Client;
using Kontena.Kubernetes.Runtime;
using Kontena.Operator.Controllers.NodePools;
using Kontena.TestKit.MemoryApi;

namespace Kontena.Operator.Tests.Controllers;

public sealed class FirstLookTests
{
    private static CancellationToken Ct => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task EnsureAsync_Twice_LooksOnce()
    {
        var informer = new CountingInformer();
        var look = new FirstLook([informer]);

        await look.EnsureAsync(Ct);
        await look.EnsureAsync(Ct);

        Assert.That(informer.Relists, Is.EqualTo(1));
    }

    [Test]
    public async Task EnsureAsync_LookFailed_TheNextCallerLooksAgain()
    {
        var informer = new CountingInformer { Fails = 1 };
        var look = new FirstLook([informer]);

        Assert.ThrowsAsync<KubeFault>(() => look.EnsureAsync(Ct));
        await look.EnsureAsync(Ct);

        Assert.That(informer.Relists, Is.EqualTo(2));
    }

    [Test]
    public async Task EnsureAsync_FirstCallerGaveUp_TheNextIsNotToldThatItIsDone()
    {
        var informer = new CountingInformer { Hangs = true };
        var look = new FirstLook([informer]);
        using var first = new CancellationTokenSource();

        var given = look.EnsureAsync(first.Token);
        await first.CancelAsync();
        Assert.CatchAsync<OperationCanceledException>(() => given);
        informer.Hangs = false;
        await look.EnsureAsync(Ct);

        Assert.That(informer.Relists, Is.EqualTo(2));
    }

    private sealed class CountingInformer : IInformer
    {
        public int Fails { get; set; }

        public bool Hangs { get; set; }

        public int Relists { get; private set; }

        public string Name => "counting";

        public InformerState State => throw new NotSupportedException();

        public bool HasSynced => true;

        public Task WaitForSyncAsync(CancellationToken ct) => Task.CompletedTask;

        public Task RelistAsync(CancellationToken ct)
        {
            Relists++;
            if (Relists <= Fails) throw Fault.Unavailable();
            return Hangs ? new TaskCompletionSource().Task.WaitAsync(ct) : Task.CompletedTask;
        }

        public Task RunAsync(CancellationToken ct) => Task.CompletedTask;
    }
}
