using Kontena.Operator.Commands;

namespace Kontena.Operator.Tests.Commands;

public sealed class DurationTests
{
    [TestCase("15s", 15)]
    [TestCase("500ms", 0.5)]
    [TestCase("1.5m", 90)]
    [TestCase("1h", 3600)]
    public void Parse_NumberWithUnit_IsThatLong(string text, double seconds) => Assert.That(Duration.Parse(text)!.Value.Length, Is.EqualTo(TimeSpan.FromSeconds(seconds)));

    [TestCase("")]
    [TestCase("15")]
    [TestCase("-1s")]
    [TestCase("1d")]
    [TestCase("25h")]
    [TestCase("1m30s")]
    public void Parse_Other_IsNone(string text) => Assert.That(Duration.Parse(text), Is.Null);

    [TestCase("15s")]
    [TestCase("0.5s")]
    public void ToString_WhatWasParsed_CanBeParsedAgain(string text) => Assert.That(Duration.Parse(text).ToString(), Is.EqualTo(text));
}
