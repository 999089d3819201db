using System.Globalization;
using System.Text;

namespace Kontena.Fuzz.Targets;

/// <summary>An answer of EC2 as a corpus file holds it: <c>status question</c> on the first line, then the body.</summary>
/// <param name="Question"><c>id</c>, <c>attempt</c> or <c>list</c>: what the driver was asked.</param>
internal sealed record Ec2Input(int Status, string Question, byte[] Body)
{
    public static readonly int[] Statuses = [200, 200, 200, 400, 400, 401, 403, 404, 429, 500, 503];

    public static readonly string[] Questions = ["id", "attempt", "list"];

    public static Ec2Input? Parse(byte[] input)
    {
        var end = Array.IndexOf(input, (byte)'\n');
        return end >= 0 && Encoding.Latin1.GetString(input, 0, end).Split(' ') is [var code, var question]
            && int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var status) && Statuses.Contains(status) && Questions.Contains(question)
            ? new Ec2Input(status, question, input[(end + 1)..])
            : null;
    }

    public byte[] Write() => [.. Encoding.Latin1.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Status} {Question}\n")), .. Body];
}
