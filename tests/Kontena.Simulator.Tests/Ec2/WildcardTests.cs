using System.Text.RegularExpressions;
using Kontena.Simulator.Ec2.Query;

namespace Kontena.Simulator.Tests.Ec2;

public sealed class WildcardTests
{
    [TestCase("", "", true)]
    [TestCase("*", "", true)]
    [TestCase("a*c", "abbc", true)]
    [TestCase("a*c", "abbd", false)]
    [TestCase("a?c", "abc", true)]
    [TestCase("a?c", "ac", false)]
    [TestCase("\\*", "*", true)]
    [TestCase("\\*", "x", false)]
    [TestCase("*ab", "aab", true)]
    public void Matches_Pattern_AsEc2Reads(string pattern, string value, bool expected) => Assert.That(Wildcard.Matches(pattern, value), Is.EqualTo(expected));

    [Test]
    public void Matches_RandomPattern_AgreesWithARegularExpression([Range(1, 20)] int seed)
    {
        var random = new Random(seed);
        string Text(string letters, int most) => string.Concat(Enumerable.Range(0, random.Next(most)).Select(_ => letters[random.Next(letters.Length)]));
        for (var i = 0; i < 500; i++)
        {
            var (pattern, value) = (Text("ab*?", 7), Text("ab", 9));
            var expression = "^" + Regex.Escape(pattern).Replace("\\*", ".*").Replace("\\?", ".") + "$";
            Assert.That(Wildcard.Matches(pattern, value), Is.EqualTo(Regex.IsMatch(value, expression)), $"{pattern} against {value}");
        }
    }
}
