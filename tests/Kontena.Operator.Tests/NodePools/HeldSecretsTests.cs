using Kontena.Operator.Controllers.NodePools;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Tests.Controllers;

namespace Kontena.Operator.Tests.NodePools;

public sealed class HeldSecretsTests
{
    private static readonly DateTimeOffset someTime = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void LacksCurrent_CredentialsMovedAndThereAreFirewalls_Does() => Assert.That(HeldSecrets.LacksCurrent(Pool()), Is.True);

    [Test]
    public void LacksCurrent_RememberedAlready_DoesNot() => Assert.That(HeldSecrets.LacksCurrent(Pool(held: "old,aws")), Is.False);

    [Test]
    public void LacksCurrent_NoSecretAtAll_DoesNot() => Assert.That(HeldSecrets.LacksCurrent(Pool(current: null)), Is.False);

    [Test]
    public void LacksCurrent_NoFirewalls_DoesNot()
    {
        Assert.That(HeldSecrets.LacksCurrent(Pool() with { Status = new NodePoolStatus { Firewalls = [] } }), Is.False);
        Assert.That(HeldSecrets.LacksCurrent(Pool() with { Status = null }), Is.False);
    }

    /// <summary>What was lost with the finalizer comes back as a whole; and what goes takes on nothing new.</summary>
    [Test]
    public void LacksCurrent_PoolIsNotHeldOrGoes_DoesNot()
    {
        var pool = Pool();

        Assert.That(HeldSecrets.LacksCurrent(pool with { Metadata = pool.Metadata with { Finalizers = ["example.com/other"] } }), Is.False, "not held");
        Assert.That(HeldSecrets.LacksCurrent(pool with { Metadata = pool.Metadata with { DeletionTimestamp = someTime } }), Is.False, "being deleted");
    }

    private static NodePool Pool(string held = "old", string? current = "aws")
    {
        var pool = Samples.Pool("web", Samples.Aws(secret: current));
        return pool with
        {
            Metadata = pool.Metadata with { Finalizers = [ApiGroup.PoolFinalizer], Annotations = new Dictionary<string, string> { [ApiGroup.HeldSecretsAnnotation] = held } },
            Status = new NodePoolStatus { Firewalls = [new FirewallRef { Provider = "aws", Scope = "eu-west-1", Name = "kontena-pool-web" }] },
        };
    }
}
