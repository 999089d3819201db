using Kontena.Operator.Commands.Live;

namespace Kontena.Operator.Tests.Live;

public sealed class CellTextTests
{
    [TestCase("short", 10, "short")]
    [TestCase("exactly-10", 10, "exactly-10")]
    [TestCase("longer than ten", 10, "longer th…")]
    [TestCase("漢字漢字", 5, "漢字…")]
    [TestCase("x", 0, "")]
    public void Fit_Text_IsCutToCells(string text, int width, string expected) => Assert.That(CellText.Fit(text, width), Is.EqualTo(expected));

    [TestCase("one two three", 7, 5, "one two|three")]
    [TestCase("one two three four", 7, 2, "one two|three…")]
    [TestCase("abcdefghij k", 4, 9, "abcd|efgh|ij k")]
    [TestCase("aa bbbbbbbb", 4, 9, "aa|bbbb|bbbb")]
    [TestCase("漢字漢字漢字", 5, 9, "漢字|漢字|漢字")]
    [TestCase("", 5, 9, "")]
    [TestCase("text", 5, 0, "")]
    public void Wrap_Text_BreaksBetweenWords(string text, int width, int most, string expected) =>
        Assert.That(string.Join("|", CellText.Wrap(text, width, most)), Is.EqualTo(expected));

    [TestCase(-5, "0s")]
    [TestCase(7, "7s")]
    [TestCase(130, "2m10s")]
    [TestCase(180, "3m")]
    [TestCase(15 * 60, "15m")]
    [TestCase(3 * 3600 + 300, "3h5m")]
    [TestCase(30 * 3600, "30h")]
    [TestCase(4 * 86400, "4d")]
    public void Age_Seconds_ReadsAsInKubectl(int seconds, string expected) => Assert.That(Age.Of(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));
}
