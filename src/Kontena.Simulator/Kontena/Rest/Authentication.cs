using System.Text;
using System.Text.Json.Nodes;

namespace Kontena.Simulator.Kontena.Rest;

/// <summary>Who calls (kontena server/app/middlewares/token_authentication.rb). A token that is not good is a 403, never a 401.</summary>
internal sealed class Authentication(IReadOnlyList<AccessToken> tokens, MasterClock clock)
{
    public AccessToken? Find(string? bearer) => bearer is null ? null : tokens.FirstOrDefault(t => string.Equals(t.Token, bearer, StringComparison.Ordinal));

    /// <exception cref="RestRefusal">403.</exception>
    public AccessToken Require(RestCall call)
    {
        var token = Find(call.Bearer);
        if (token is { ExpiresAt: { } end } && end <= clock.GetUtcNow()) throw new RestRefusal(InvalidToken("Token expired"));
        return token ?? throw new RestRefusal(SoftlyExcluded(call) ? Denied(call) : InvalidToken("Invalid token"));
    }

    public static RestAnswer InvalidToken(string description) =>
        RestAnswer.Json(403, new JsonObject { ["error"] = "invalid_token", ["error_description"] = description }, "invalid_token") with
        {
            Authenticate = $"Bearer realm=\"kontena_master\", error=\"invalid_token\", error_description=\"{description}\"",
        };

    /// <summary>Paths that look at the token themselves, since a grid token would do for some of them.</summary>
    private static bool SoftlyExcluded(RestCall call) => call.Path is ["v1", "nodes", ..];

    /// <summary>Without the header, and in HTML for who does not ask for JSON (kontena server/app/routes/oauth2_api.rb).</summary>
    private static RestAnswer Denied(RestCall call) => call.WantsJson
        ? RestAnswer.Json(403, new JsonObject { ["error"] = "access_denied", ["error_description"] = null }, "access_denied")
        : new RestAnswer(403, Encoding.UTF8.GetBytes("<html><body><h1>Error</h1><p>access_denied</p></body></html>"), "text/html", "access_denied");
}
