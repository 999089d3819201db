using System.Text.Json.Nodes;
using Kontena.Standalone.Faults;
using Kontena.Standalone.Requests;
using Kontena.Standalone.Resources;

namespace Kontena.Standalone.Tests.Requests;

public sealed class SelectorTests
{
    private static readonly JsonObject Labelled = (JsonObject)JsonNode.Parse("""{"metadata":{"name":"n","labels":{"app":"web","tier":"","example.test/x":"1"}}}""")!;

    [TestCase("", true)]
    [TestCase("app", true)]
    [TestCase("!app", false)]
    [TestCase("none", false)]
    [TestCase("!none", true)]
    [TestCase("app=web", true)]
    [TestCase("app==web", true)]
    [TestCase("app = web , tier", true)]
    [TestCase("app=api", false)]
    [TestCase("app!=api", true)]
    [TestCase("none!=api", true)]
    [TestCase("app in (web,api)", true)]
    [TestCase("app in (api)", false)]
    [TestCase("none in (api)", false)]
    [TestCase("app notin (web)", false)]
    [TestCase("none notin (web)", true)]
    [TestCase("tier=", true)]
    [TestCase("tier in ()", true)]
    [TestCase("example.test/x=1,app in (a,web),!none", true)]
    [TestCase("example.test/x=1,app in (a,b),!none", false)]
    public void LabelSelector_Grammar_Selects(string text, bool matches) =>
        Assert.That(LabelSelector.Parse(text).Matches(Labelled), Is.EqualTo(matches));

    [TestCase("a b")]
    [TestCase("a in b")]
    [TestCase("a within (b)")]
    [TestCase("=b")]
    [TestCase("a=b=c")]
    [TestCase("a=-")]
    [TestCase(",")]
    [TestCase("a in (b))")]
    public void LabelSelector_Nonsense_IsABadRequest(string text) =>
        Assert.That(Assert.Throws<StatusException>(() => LabelSelector.Parse(text))!.Code, Is.EqualTo(400));

    [TestCase("metadata.name=n", true)]
    [TestCase("metadata.name==n", true)]
    [TestCase("metadata.name!=n", false)]
    [TestCase("metadata.name=n,metadata.namespace=", true)]
    [TestCase("reason=", true)]
    public void FieldSelector_KnownFields_Select(string text, bool matches) =>
        Assert.That(FieldSelector.Parse(text, BuiltInResources.Event).Matches(Labelled), Is.EqualTo(matches));

    [TestCase("reason=x")]
    [TestCase("spec.x=1")]
    [TestCase("metadata.name")]
    public void FieldSelector_OfANamespace_KnowsNameOnly(string text) =>
        Assert.That(Assert.Throws<StatusException>(() => FieldSelector.Parse(text, BuiltInResources.Namespace))!.Code, Is.EqualTo(400));
}
