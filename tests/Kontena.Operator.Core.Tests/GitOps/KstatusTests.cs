using System.Text.Json.Nodes;
using Kontena.TestKit.GitOps;

namespace Kontena.Operator.Core.Tests.GitOps;

/// <summary>The measure itself: each rule of kstatus, and which goes before which.</summary>
public sealed class KstatusTests
{
    [TestCase("""{"metadata": {}}""", KstatusVerdict.Current, TestName = "Of_NothingSaid_Current")]
    [TestCase("""{"metadata": {"generation": 1}}""", KstatusVerdict.Current, TestName = "Of_NoStatus_Current")]
    [TestCase("""{"metadata": {"generation": 1}, "status": {"observedGeneration": -1}}""", KstatusVerdict.InProgress, TestName = "Of_Newborn_InProgress")]
    [TestCase("""{"metadata": {"generation": 2}, "status": {"observedGeneration": 1, "conditions": [{"type": "Ready", "status": "True"}]}}""", KstatusVerdict.InProgress, TestName = "Of_OlderGenerationReady_InProgress")]
    [TestCase("""{"metadata": {"generation": 2}, "status": {"observedGeneration": 1, "conditions": [{"type": "Stalled", "status": "True"}]}}""", KstatusVerdict.InProgress, TestName = "Of_OlderGenerationStalled_InProgress")]
    [TestCase("""{"metadata": {"generation": 2}, "status": {"conditions": [{"type": "Ready", "status": "True"}]}}""", KstatusVerdict.Current, TestName = "Of_NoObservedGeneration_ConditionsDecide")]
    [TestCase("""{"metadata": {"generation": 2}, "status": {"observedGeneration": 2, "conditions": [{"type": "Ready", "status": "True"}]}}""", KstatusVerdict.Current, TestName = "Of_Ready_Current")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "False"}]}}""", KstatusVerdict.InProgress, TestName = "Of_NotReady_InProgress")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}""", KstatusVerdict.InProgress, TestName = "Of_ReadyUnknown_InProgress")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Reconciling", "status": "True"}]}}""", KstatusVerdict.InProgress, TestName = "Of_ReadyAndReconciling_InProgress")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Ready", "status": "True"}, {"type": "Stalled", "status": "True"}]}}""", KstatusVerdict.Failed, TestName = "Of_ReadyAndStalled_Failed")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Stalled", "status": "True"}, {"type": "Reconciling", "status": "True"}]}}""", KstatusVerdict.Failed, TestName = "Of_StalledBeforeReconciling_FirstDecides")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Reconciling", "status": "True"}, {"type": "Stalled", "status": "True"}]}}""", KstatusVerdict.InProgress, TestName = "Of_ReconcilingBeforeStalled_FirstDecides")]
    [TestCase("""{"metadata": {}, "status": {"conditions": [{"type": "Stalled", "status": "False"}, {"type": "Ready", "status": "True"}]}}""", KstatusVerdict.Current, TestName = "Of_StalledFalse_DoesNotCount")]
    [TestCase("""{"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z", "generation": 2}, "status": {"observedGeneration": 1, "conditions": [{"type": "Stalled", "status": "True"}]}}""", KstatusVerdict.Terminating, TestName = "Of_BeingDeleted_TerminatingWhateverElse")]
    [TestCase("""{"metadata": {"generation": 1}, "status": "up"}""", KstatusVerdict.Unknown, TestName = "Of_StatusThatIsText_Unknown")]
    [TestCase("""{"metadata": {"generation": 1}, "status": {"conditions": {"type": "Ready"}}}""", KstatusVerdict.Unknown, TestName = "Of_ConditionsThatAreNoList_Unknown")]
    public void Of_EachRule(string resource, KstatusVerdict expected) => Assert.That(Of(resource).Verdict, Is.EqualTo(expected));

    [Test]
    public void Of_Stalled_HasTheConditionsMessage() =>
        Assert.That(Of("""{"metadata": {}, "status": {"conditions": [{"type": "Stalled", "status": "True", "message": "Create the Secret."}]}}""").Message, Is.EqualTo("Create the Secret."));

    private static Kstatus Of(string resource) => Kstatus.Of(JsonNode.Parse(resource)!.AsObject());
}
