using System.Text.Json.Nodes;
using MessagePack;

namespace Kontena.Simulator.Kontena.Agents;

/// <summary>
/// The messages on the wire: arrays in MessagePack. <c>[0, id, method, params]</c> asks, <c>[1, id, error, result]</c> answers, <c>[2, method, params]</c> tells
/// (kontena server/app/middlewares/websocket_backend.rb).
/// </summary>
internal static class AgentFrame
{
    private static readonly MessagePackSerializerOptions Untrusted = MessagePackSerializerOptions.Standard.WithSecurity(MessagePackSecurity.UntrustedData);

    public static byte[] Tell(string method, JsonNode parameter) => Pack(new JsonArray(2, method, new JsonArray(parameter)));

    public static byte[] Ask(long id, string method) => Pack(new JsonArray(0, id, method, new JsonArray()));

    public static byte[] Answer(long id, JsonNode? error, JsonNode? result) => Pack(new JsonArray(1, id, error, result));

    /// <summary>The array that the bytes are; null where they are no MessagePack or no array: such a message is passed over, as the real Master does.</summary>
    public static JsonArray? Unpack(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return JsonNode.Parse(MessagePackSerializer.ConvertToJson(bytes, Untrusted)) as JsonArray;
        }
        catch (Exception e) when (e is MessagePackSerializationException or System.Text.Json.JsonException or EndOfStreamException)
        {
            return null;
        }
    }

    private static byte[] Pack(JsonArray message) => MessagePackSerializer.ConvertFromJson(message.ToJsonString(), Untrusted);
}
