using System.Text;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// What was asked and what came back, in the words of the wire with all that differs by nature (names, versions, times) taken out:
/// two engines that behave the same leave the same text.
/// </summary>
public sealed class Transcript
{
    private readonly StringBuilder text = new();

    public void Add(string line) => text.Append(line).Append('\n');

    public void AddBlock(string prefix, string block)
    {
        foreach (var line in block.Split('\n', StringSplitOptions.RemoveEmptyEntries)) Add(prefix + line);
    }

    public override string ToString() => text.ToString();
}
