using System.Text.Json;
using Kontena.Kubernetes.Schema;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Tests.Resources;

/// <summary>Feeds the cases to the C# side; <see cref="RuleCasesOnServerTests"/> feeds the same ones to a real API server.</summary>
public sealed class RuleCasesTests
{
    public static IEnumerable<RuleCase> Cases => RuleCase.All();

    /// <summary>Those that pass the schema: the rules are asked of no others.</summary>
    public static IEnumerable<RuleCase> CasesForRules => Cases.Where(c => c.RefusedBy is not ("Schema" or "UnknownField"));

    /// <summary>A field that no record has is not read, so the records say nothing of it.</summary>
    public static IEnumerable<RuleCase> CasesForRecords => Cases.Where(c => c.RefusedBy != "UnknownField");

    public static IEnumerable<string> ServerRules =>
        CustomResources.All().SelectMany(crd => SchemaWalk.Of(crd)).SelectMany(s => s.Rules).Select(r => r.Message).Distinct();

    [TestCaseSource(nameof(Cases))]
    public void UnknownFields_OfTheCase_AreNamed(RuleCase @case)
    {
        var unknown = UnknownFields.In(@case.Document, CustomResources.Schema(@case.Kind)!);
        Assert.That(unknown, Is.EquivalentTo(@case.RefusedBy == "UnknownField" ? @case.Expect.Select(e => e.Field) : []));
    }

    [TestCaseSource(nameof(CasesForRules))]
    public void KontenaRules_OfTheCase_SayWhatTheRulesOfTheCrdSay(RuleCase @case)
    {
        var broken = KontenaRules.Check(ApiGroup.Name, @case.Kind, @case.Stored, @case.Document, subresource: null);
        Assert.That(
            broken.Select(b => new ExpectedCause(b.Reason, b.Path, b.Message)),
            Is.EquivalentTo(@case.RefusedBy == "Rule" ? @case.Expect : []));
    }

    [TestCaseSource(nameof(CasesForRecords))]
    public void Validation_OfTheCase_FindsTheSameFaults(RuleCase @case)
    {
        IReadOnlyList<FieldError> errors;
        try
        {
            errors = Validate(@case);
        }
        catch (JsonException)
        {
            Assert.That(@case.Expect.Select(e => e.Reason), Is.SubsetOf(new[] { "FieldValueTypeInvalid", "FieldValueRequired", "FieldValueNotSupported" }),
                "a document that has the form of the record must be read");
            return;
        }
        Assert.That(
            errors.Select(e => (KontenaRules.Reason(e.Kind), e.Path)),
            Is.EquivalentTo(@case.Expect.Select(e => (e.Reason, e.Field))));
        Assert.That(errors.Select(e => e.Source.ToString()).Distinct(), Is.EqualTo(@case.RefusedBy is { } by ? [by] : Array.Empty<string>()));
    }

    [TestCaseSource(nameof(ServerRules))]
    public void Cases_EveryRuleOfTheCrds_IsBrokenByOne(string message) =>
        Assert.That(Cases.SelectMany(c => c.Expect).Select(e => e.Message), Has.Some.EqualTo(message), "add a case that breaks this rule");

    [Test]
    public void KontenaRules_StatusWrite_IsNotChecked()
    {
        var bad = Cases.Single(c => c.Name == "no-provider-block").Document;
        Assert.That(KontenaRules.Check(ApiGroup.Name, "NodePool", null, bad, "status"), Is.Empty);
    }

    [Test]
    public void KontenaRules_SpecUnchanged_LetsAnOldFaultPass()
    {
        // Otherwise the finalizer of an object that a newer rule forbids could never be taken off.
        var bad = Cases.Single(c => c.Name == "subnets-and-zones").Document;
        Assert.That(KontenaRules.Check(ApiGroup.Name, "NodePool", bad, bad, null), Is.Empty);
        Assert.That(KontenaRules.Check(ApiGroup.Name, "NodePool", null, bad, null), Is.Not.Empty);
    }

    [Test]
    public void KontenaRules_OtherGroup_IsNotOurs()
    {
        var bad = Cases.Single(c => c.Name == "no-provider-block").Document;
        Assert.That(KontenaRules.Check("example.io", "NodePool", null, bad, null), Is.Empty);
    }

    private static IReadOnlyList<FieldError> Validate(RuleCase @case) => @case.Kind switch
    {
        "NodePool" => Validation.Check(
            @case.ObjectName,
            KontenaJson.Read<NodePool>(@case.Document).Spec,
            @case.Stored is { } old ? KontenaJson.Read<NodePool>(old).Spec : null),
        "KontenaNode" => Validation.CheckNode(
            KontenaJson.Read<KontenaNode>(@case.Document).Spec,
            @case.Stored is { } old ? KontenaJson.Read<KontenaNode>(old).Spec : null),
        "Grid" => Validation.CheckGrid(
            KontenaJson.Read<Grid>(@case.Document).Spec,
            @case.Stored is { } old ? KontenaJson.Read<Grid>(old).Spec : null),
        _ => throw new InvalidDataException($"{@case.Name}: no kind {@case.Kind}"),
    };
}
