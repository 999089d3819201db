namespace Kontena.Operator.Tests.Hosting;

/// <summary>The judge is judged first: a parser that accepts anything would prove nothing.</summary>
public sealed class ExpositionParserTests
{
    [TestCase("a_total 1\n", TestName = "Parse_NoType_Throws")]
    [TestCase("# TYPE a_total counter\na_total 1", TestName = "Parse_NoFinalLineFeed_Throws")]
    [TestCase("# TYPE a_total counter\na_total 1\na_total 2\n", TestName = "Parse_SeriesTwice_Throws")]
    [TestCase("# TYPE a gauge\na{x=\"1\",x=\"2\"} 1\n", TestName = "Parse_LabelTwice_Throws")]
    [TestCase("# TYPE a gauge\na{x=\"1\",} 1\n", TestName = "Parse_TrailingComma_Throws")]
    [TestCase("# TYPE a gauge\na{x=\"\\t\"} 1\n", TestName = "Parse_UnknownEscape_Throws")]
    [TestCase("# TYPE a gauge\na{x.y=\"1\"} 1\n", TestName = "Parse_LabelWithDot_Throws")]
    [TestCase("# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na{x=\"1\"} 1\n", TestName = "Parse_FamilyInTwoPieces_Throws")]
    [TestCase("# TYPE a counter\na 1\n", TestName = "Parse_CounterWithoutTotal_Throws")]
    [TestCase("# TYPE a gauge\na 1,5\n", TestName = "Parse_CommaInNumber_Throws")]
    [TestCase("# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n", TestName = "Parse_BucketsFall_Throws")]
    [TestCase("# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 2\n", TestName = "Parse_CountIsNotLastBucket_Throws")]
    public void Parse_Invalid(string text) => Assert.That(() => ExpositionParser.Parse(text), Throws.InstanceOf<FormatException>());

    [Test]
    public void Parse_Valid_ReadsLabelsAndValues()
    {
        var families = ExpositionParser.Parse("# HELP a Two\\nlines.\n# TYPE a gauge\na 1\na{x=\"q\\\"\\\\\\n,}\",y=\"2\"} -1.5E-07\n");
        Assert.That(families["a"].Help, Is.EqualTo("Two\nlines."));
        Assert.That(families["a"].Samples[1].Labels["x"], Is.EqualTo("q\"\\\n,}"));
        Assert.That(families["a"].Samples[1].Value, Is.EqualTo(-1.5e-7));
    }
}
