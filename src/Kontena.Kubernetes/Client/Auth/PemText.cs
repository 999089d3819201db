using System.Text;

namespace Kontena.Kubernetes.Client.Auth;

/// <summary>PEM that stands in the configuration (base64) or in a file beside it. Data wins over a file, as in kubectl.</summary>
internal sealed class PemText
{
    private static readonly TimeSpan BetweenReadings = TimeSpan.FromSeconds(10);

    private readonly string? text;
    private readonly RotatingFile? file;

    private PemText(string? text, RotatingFile? file)
    {
        this.text = text;
        this.file = file;
    }

    /// <summary>Null where neither is given.</summary>
    public static PemText? From(string? base64, string? path, TimeProvider time) => (base64, path) switch
    {
        (not null, _) => new PemText(Encoding.UTF8.GetString(Convert.FromBase64String(base64)), null),
        (_, not null) => new PemText(null, new RotatingFile(path, BetweenReadings, time)),
        _ => null,
    };

    /// <exception cref="IOException">The file never could be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file never could be read.</exception>
    public string Read(bool now = false) => text ?? file!.Read(now); // one of the two is set, see From

    public override string ToString() => file?.Path ?? "the configuration";
}
