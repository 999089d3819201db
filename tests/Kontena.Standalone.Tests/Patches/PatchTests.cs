using System.Text;
using System.Text.Json.Nodes;
using Kontena.Standalone.Json;
using Kontena.Standalone.Patches;

namespace Kontena.Standalone.Tests.Patches;

/// <summary>The examples of RFC 7386 (appendix A) and RFC 6902 (appendix A), and Kubernetes' strategic merge.</summary>
public sealed class PatchTests
{
    [TestCase("""{"a":"b"}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"b":"c"}""", """{"a":"b","b":"c"}""")]
    [TestCase("""{"a":"b"}""", """{"a":null}""", "{}")]
    [TestCase("""{"a":"b","b":"c"}""", """{"a":null}""", """{"b":"c"}""")]
    [TestCase("""{"a":["b"]}""", """{"a":"c"}""", """{"a":"c"}""")]
    [TestCase("""{"a":"c"}""", """{"a":["b"]}""", """{"a":["b"]}""")]
    [TestCase("""{"a":{"b":"c"}}""", """{"a":{"b":"d","c":null}}""", """{"a":{"b":"d"}}""")]
    [TestCase("""{"a":[{"b":"c"}]}""", """{"a":[1]}""", """{"a":[1]}""")]
    [TestCase("""["a","b"]""", """["c","d"]""", """["c","d"]""")]
    [TestCase("""{"a":"b"}""", """["c"]""", """["c"]""")]
    [TestCase("""{"a":"foo"}""", "null", "null")]
    [TestCase("""{"a":"foo"}""", "\"bar\"", "\"bar\"")]
    [TestCase("""{"e":null}""", """{"a":1}""", """{"e":null,"a":1}""")]
    [TestCase("[1,2]", """{"a":"b","c":null}""", """{"a":"b"}""")]
    [TestCase("{}", """{"a":{"bb":{"ccc":null}}}""", """{"a":{"bb":{}}}""")]
    public void MergePatch_Rfc7386_Matches(string target, string patch, string result) =>
        Assert.That(Text(MergePatch.Apply(Parse(target), Parse(patch))), Is.EqualTo(result));

    [TestCase("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux"}]""", """{"foo":"bar","baz":"qux"}""")]
    [TestCase("""{"foo":["bar","baz"]}""", """[{"op":"add","path":"/foo/1","value":"qux"}]""", """{"foo":["bar","qux","baz"]}""")]
    [TestCase("""{"baz":"qux","foo":"bar"}""", """[{"op":"remove","path":"/baz"}]""", """{"foo":"bar"}""")]
    [TestCase("""{"foo":["bar","qux","baz"]}""", """[{"op":"remove","path":"/foo/1"}]""", """{"foo":["bar","baz"]}""")]
    [TestCase("""{"baz":"qux","foo":"bar"}""", """[{"op":"replace","path":"/baz","value":"boo"}]""", """{"baz":"boo","foo":"bar"}""")]
    [TestCase("""{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}""", """[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]""", """{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}""")]
    [TestCase("""{"foo":["all","grass","cows","eat"]}""", """[{"op":"move","from":"/foo/1","path":"/foo/3"}]""", """{"foo":["all","cows","eat","grass"]}""")]
    [TestCase("""{"baz":"qux","foo":["a",2,"c"]}""", """[{"op":"test","path":"/baz","value":"qux"},{"op":"test","path":"/foo/1","value":2}]""", """{"baz":"qux","foo":["a",2,"c"]}""")]
    [TestCase("""{"foo":"bar"}""", """[{"op":"add","path":"/child","value":{"grandchild":{}}}]""", """{"foo":"bar","child":{"grandchild":{}}}""")]
    [TestCase("""{"foo":"bar"}""", """[{"op":"add","path":"/baz","value":"qux","xyz":123}]""", """{"foo":"bar","baz":"qux"}""")]
    [TestCase("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":10}]""", """{"/":9,"~1":10}""")]
    [TestCase("""{"foo":["bar"]}""", """[{"op":"add","path":"/foo/-","value":["abc","def"]}]""", """{"foo":["bar",["abc","def"]]}""")]
    [TestCase("""{"a":{"b":1}}""", """[{"op":"copy","from":"/a","path":"/c"},{"op":"replace","path":"/c/b","value":2}]""", """{"a":{"b":1},"c":{"b":2}}""")]
    [TestCase("""{"a":1}""", """[{"op":"replace","path":"","value":{"b":2}}]""", """{"b":2}""")]
    [TestCase("""{"a":null}""", """[{"op":"test","path":"/a","value":null},{"op":"replace","path":"/a","value":1}]""", """{"a":1}""")]
    public void JsonPatch_Rfc6902_Matches(string document, string patch, string result) =>
        Assert.That(Text(JsonPatch.Apply(Parse(document), Parse(patch))), Is.EqualTo(result));

    [TestCase("""{"baz":"qux"}""", """[{"op":"test","path":"/baz","value":"bar"}]""", false)]
    [TestCase("""{"foo":"bar"}""", """[{"op":"add","path":"/baz/bat","value":"qux"}]""", false)]
    [TestCase("""{"/":9,"~1":10}""", """[{"op":"test","path":"/~01","value":"10"}]""", false)]
    [TestCase("""{"a":1}""", """[{"op":"remove","path":"/b"}]""", false)]
    [TestCase("""{"a":1}""", """[{"op":"replace","path":"/b","value":1}]""", false)]
    [TestCase("""{"a":[1]}""", """[{"op":"add","path":"/a/2","value":1}]""", false)]
    [TestCase("""{"a":[1]}""", """[{"op":"replace","path":"/a/01","value":1}]""", false)]
    [TestCase("""{"a":{}}""", """[{"op":"move","from":"/a","path":"/a/b"}]""", false)]
    [TestCase("""{"a":1}""", """[{"op":"add","path":"/b"}]""", true)]
    [TestCase("""{"a":1}""", """[{"op":"frob","path":"/a"}]""", true)]
    [TestCase("""{"a":1}""", """[{"op":"remove","path":"a"}]""", false)]
    [TestCase("""{"a":1}""", """{"op":"remove","path":"/a"}""", true)]
    public void JsonPatch_ThatDoesNotFit_Throws(string document, string patch, bool malformed)
    {
        var before = Parse(document);
        var fault = Assert.Throws<PatchException>(() => JsonPatch.Apply(before, Parse(patch)));
        Assert.That(fault!.Malformed, Is.EqualTo(malformed));
        Assert.That(Text(before), Is.EqualTo(document), "all operations or none");
    }

    [Test]
    public void JsonPatch_CopiesThatDouble_AreBounded()
    {
        var copies = string.Join(',', Enumerable.Range(0, 60).Select(i => $$"""{"op":"copy","from":"","path":"/c{{i}}"}"""));
        Assert.That(() => JsonPatch.Apply(Parse("{}"), Parse($"[{copies}]")), Throws.TypeOf<PatchException>().With.Message.Contains("copies of more than"));
    }

    /// <summary>A document that is stored deeper than it can be read would be lost, and every list that holds it.</summary>
    [TestCase("""{"op":"add","path":"PATH","value":{}}""", 400, false)]
    [TestCase("""{"op":"copy","from":"/a","path":"PATH"}""", 14, true)]
    public void JsonPatch_ThatDeepens_IsBounded(string operation, int count, bool doubles)
    {
        var steps = Enumerable.Range(0, count).Select(i => operation.Replace("PATH", string.Concat(Enumerable.Repeat("/a", doubles ? 1 + (1 << i) : i + 2)), StringComparison.Ordinal));
        Assert.That(() => JsonPatch.Apply(Parse("""{"a":{}}"""), Parse($"[{string.Join(',', steps)}]")), Throws.TypeOf<PatchException>().With.Message.Contains("deeper than 128"));
    }

    [TestCase("""{"metadata":{"finalizers":["a"]}}""", """{"metadata":{"finalizers":["b","a"]}}""", """{"metadata":{"finalizers":["a","b"]}}""")]
    [TestCase("""{"metadata":{"finalizers":["a","b"]}}""", """{"metadata":{"$deleteFromPrimitiveList/finalizers":["a"],"$setElementOrder/finalizers":["b"]}}""", """{"metadata":{"finalizers":["b"]}}""")]
    [TestCase("""{"metadata":{"ownerReferences":[{"uid":"1","name":"x"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"2","name":"y"},{"uid":"1","name":"z"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"2","name":"y"},{"uid":"1","name":"z"}]}}""")]
    [TestCase("""{"metadata":{"ownerReferences":[{"uid":"1"},{"uid":"2"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"1","$patch":"delete"}]}}""", """{"metadata":{"ownerReferences":[{"uid":"2"}]}}""")]
    [TestCase("""{"data":{"a":"1","b":"2"}}""", """{"data":{"a":null,"c":"3"}}""", """{"data":{"b":"2","c":"3"}}""")]
    [TestCase("""{"data":{"a":"1"}}""", """{"data":{"$patch":"replace","b":"2"}}""", """{"data":{"b":"2"}}""")]
    [TestCase("""{"data":{"a":"1","b":"2"}}""", """{"data":{"$retainKeys":["b"],"b":"3"}}""", """{"data":{"b":"3"}}""")]
    [TestCase("""{"data":{"a":"1"}}""", """{"data":{"$patch":"delete"}}""", "{}")]
    public void StrategicMerge_Directives_AreFollowed(string target, string patch, string result) =>
        Assert.That(Text(StrategicMergePatch.Apply(Parse(target), Parse(patch))), Is.EqualTo(result));

    private static JsonNode? Parse(string text) => JsonText.Parse(Encoding.UTF8.GetBytes(text));

    private static string Text(JsonNode? node) => JsonText.SerializeToString(node);
}
