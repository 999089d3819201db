namespace Kontena.Operator.Core.Tests.Nodes;

/// <summary>
/// Promise 1: exactly one machine for a node, none left behind, whatever crashes, is lost or comes late. Seeded walks over a cloud
/// that misbehaves and an operator that dies; a failing seed replays by itself.
/// </summary>
public sealed class CreateProtocolProperties
{
    private const int Walks = 400;

    [Test]
    public void Create_CrashesAndLostAnswers_NeverMakesASecondMachine([Values] bool keyed)
    {
        for (var seed = 0; seed < Walks; seed++)
        {
            var node = new NodeModel(seed, keyed, trouble: 35);
            for (var round = 0; round < 40; round++)
            {
                node.Reconcile(deadliness: 10);
                Assert.That(node.Cloud.Alive.Count(), Is.LessThanOrEqualTo(1), () => $"seed {seed}\n{string.Join('\n', node.Story)}");
            }
        }
    }

    [Test]
    public void Create_OnceTheTroubleIsOver_EndsWithOneRecordedRunningMachine([Values] bool keyed)
    {
        for (var seed = 0; seed < Walks; seed++)
        {
            var node = new NodeModel(seed, keyed, trouble: 35);
            for (var round = 0; round < 15; round++) node.Reconcile(deadliness: 10);
            node.Cloud.Trouble = 0;
            for (var round = 0; round < 120 && node.Next().Reason != "Running"; round++) node.Reconcile(deadliness: 0);
            Assert.That(node.Cloud.Alive.Select(m => m.ProviderId), Is.EqualTo(new[] { node.ProviderId }), () => $"seed {seed}\n{string.Join('\n', node.Story)}");
        }
    }

    [Test]
    public void Delete_AtAnyMoment_LeavesNoMachineOnceTheObjectIsGone([Values] bool keyed)
    {
        for (var seed = 0; seed < Walks; seed++)
        {
            var node = new NodeModel(seed, keyed, trouble: 35);
            for (var round = 0; round < seed % 12; round++) node.Reconcile(deadliness: 10);
            node.Deleting = true;
            for (var round = 0; round < 40 && !node.Gone; round++) node.Reconcile(deadliness: 10);
            node.Cloud.Trouble = 0;
            for (var round = 0; round < 120 && !node.Gone; round++) node.Reconcile(deadliness: 0);
            Assert.That(node.Gone, Is.True, () => $"seed {seed} never ends\n{string.Join('\n', node.Story)}");
            // What was held back is carried out now: too late for anybody to look, so it must not make a machine.
            node.Cloud.Tick(node.Now + TimeSpan.FromMinutes(5));
            Assert.That(node.Cloud.Alive, Is.Empty, () => $"seed {seed} leaks\n{string.Join('\n', node.Story)}");
        }
    }
}
