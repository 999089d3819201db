using System.Buffers.Text;
using System.Text.Json;

namespace Kontena.Standalone.Requests;

/// <summary>Where a paged list goes on: after this object, in the state at this version. Opaque to clients.</summary>
internal sealed record ContinueToken(long Version, string Namespace, string Name)
{
    public string Encode() => Base64Url.EncodeToString(JsonText.Serialize(new JsonObject { ["v"] = Version, ["ns"] = Namespace, ["n"] = Name }));

    /// <exception cref="StatusException">400: this server did not write it.</exception>
    public static ContinueToken Decode(string text)
    {
        try
        {
            var token = JsonText.ParseObject(Base64Url.DecodeFromChars(text));
            if (token["v"].Integer() is { } version && token.Text("ns") is { } ns && token.Text("n") is { } name) return new(version, ns, name);
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            // Said below, in one way for all that can be wrong with it.
        }
        throw Fault.BadRequest("continue key is not valid");
    }
}
