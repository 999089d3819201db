using System.Text;
using Kontena.Standalone.Json;
using Kontena.Standalone.Tables;

namespace Kontena.Standalone.Tests.Tables;

public sealed class TableTests
{
    [TestCase(-5, "<invalid>")]
    [TestCase(0, "0s")]
    [TestCase(119, "119s")]
    [TestCase(120, "2m")]
    [TestCase(183, "3m3s")]
    [TestCase(599, "9m59s")]
    [TestCase(600, "10m")]
    [TestCase(3 * 3600 - 1, "179m")]
    [TestCase(3 * 3600, "3h")]
    [TestCase(3 * 3600 + 60, "3h1m")]
    [TestCase(8 * 3600, "8h")]
    [TestCase(48 * 3600 - 1, "47h")]
    [TestCase(48 * 3600, "2d")]
    [TestCase(50 * 3600, "2d2h")]
    [TestCase(8 * 86400, "8d")]
    [TestCase(2 * 365 * 86400 - 1, "729d")]
    [TestCase(2 * 365 * 86400, "2y")]
    [TestCase(2 * 365 * 86400 + 86400, "2y1d")]
    [TestCase(8L * 365 * 86400, "8y")]
    public void HumanDuration_Seconds_ReadAsKubectlShowsThem(long seconds, string text) =>
        Assert.That(HumanDuration.Format(TimeSpan.FromSeconds(seconds)), Is.EqualTo(text));

    [TestCase(".spec.replicas", "3")]
    [TestCase("$.spec.replicas", "3")]
    [TestCase(".spec['replicas']", "3")]
    [TestCase(".spec.list[0]", "\"a\"")]
    [TestCase(".spec.list[-1]", "\"b\"")]
    [TestCase(".spec.list[7]", "")]
    [TestCase(".spec.list[*]", "\"a\" \"b\"")]
    [TestCase(".metadata.annotations.example\\.test/x", "\"y\"")]
    [TestCase(".metadata.annotations['example.test/x']", "\"y\"")]
    [TestCase(".status.conditions[?(@.type==\"Ready\")].status", "\"True\"")]
    [TestCase(".status.conditions[?(@.type=='Other')].status", "\"False\"")]
    [TestCase(".status.conditions[?(@.type!=\"Ready\")].type", "\"Other\"")]
    [TestCase(".status.conditions[?(@.weight>1)].type", "\"Ready\"")]
    [TestCase(".status.conditions[?(@.weight)].type", "\"Other\" \"Ready\"")]
    [TestCase(".nothing.at.all", "")]
    public void JsonPath_Subset_Finds(string path, string found)
    {
        var document = JsonText.ParseObject(Encoding.UTF8.GetBytes("""
            {"metadata":{"annotations":{"example.test/x":"y"}},"spec":{"replicas":3,"list":["a","b"]},
             "status":{"conditions":[{"type":"Other","status":"False","weight":1},{"type":"Ready","status":"True","weight":2}]}}
            """));
        Assert.That(string.Join(' ', JsonPathExpression.Parse(path).Find(document).Select(JsonText.SerializeToString)), Is.EqualTo(found));
    }

    [TestCase("")]
    [TestCase("spec")]
    [TestCase(".a[")]
    [TestCase(".a[x]")]
    [TestCase("..a")]
    [TestCase(".a[?(@.b==c)]")]
    public void JsonPath_BeyondTheSubset_IsAFormatException(string path) =>
        Assert.That(() => JsonPathExpression.Parse(path), Throws.TypeOf<FormatException>());
}
