using Kontena.Operator.Core.Identity;

namespace Kontena.Operator.Core.Tests.Identity;

/// <summary>Which texts are ids, in which form, and what the Master can do with them.</summary>
public sealed class EngineIdTests
{
    private const string Groups = "44C7:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7:5RC7";
    private const string Uuid = "3b0a1f6e-5c0d-4f0e-9d35-0d7a6a1f2c11";

    [TestCase(Groups, EngineIdForm.Groups, true)]
    [TestCase(Uuid, EngineIdForm.Uuid, false)]
    [TestCase("3B0A1F6E-5C0D-4F0E-9D35-0D7A6A1F2C11", EngineIdForm.Uuid, false)]
    [TestCase("44c7:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7:5RC7", EngineIdForm.Unrecognised, true)]
    [TestCase("44C7:P5OM:NBJT:WXHV:6EDU:67T5:YDMX:4YPU:PF6D:VUH5:7LE7", EngineIdForm.Unrecognised, true)]
    [TestCase("{3b0a1f6e-5c0d-4f0e-9d35-0d7a6a1f2c11}", EngineIdForm.Unrecognised, false)]
    [TestCase("engine-7", EngineIdForm.Unrecognised, false)]
    public void Of_AText_TellsFormAndLookUp(string text, EngineIdForm form, bool canBeLookedUp)
    {
        var id = EngineId.Of(text)!.Value;

        Assert.That((id.Text, id.Form, id.CanBeLookedUp, EngineId.TryParse(text, out _)), Is.EqualTo((text, form, canBeLookedUp, form != EngineIdForm.Unrecognised)));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase(Groups + "\n")]
    [TestCase("two words")]
    public void Of_NoId_IsNull(string? text) => Assert.That((EngineId.Of(text), EngineId.TryParse(text, out _)), Is.EqualTo(((EngineId?)null, false)));

    [Test]
    public void Of_LongerThanTheStatusKeeps_IsNull() =>
        Assert.That((EngineId.Of(new string('A', EngineId.Longest)) is null, EngineId.Of(new string('A', EngineId.Longest + 1)) is null), Is.EqualTo((false, true)));

    /// <summary>The Master compares letters: an id in other letters is another node there.</summary>
    [Test]
    public void Equality_OtherLetters_IsAnotherId()
    {
        var (one, other) = (EngineId.Of("AAAA")!.Value, EngineId.Of("aaaa")!.Value);
        Assert.Multiple(() =>
        {
            Assert.That(one, Is.Not.EqualTo(other));
            Assert.That((one < other, one <= other, one > other, one >= other), Is.EqualTo((true, true, false, false)));
        });
    }
}
