using Microsoft.AspNetCore.Http;

namespace Kontena.Simulator.Hosting;

internal static class RequestBody
{
    /// <summary>More than any call of a simulated API has to say.</summary>
    private const int MostBytes = 1 << 20;

    /// <summary>The whole body; null where it is longer than a mebibyte.</summary>
    public static async Task<byte[]?> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (await request.Body.ReadAsync(buffer, ct) is var read and > 0)
        {
            if (body.Length + read > MostBytes) return null;
            body.Write(buffer, 0, read);
        }
        return body.ToArray();
    }
}
