using System.Text.Json.Nodes;

namespace Kontena.Operator.Grids;

/// <summary>One request to a Master. Not a record: a body may hold a node's token, and records print what they hold.</summary>
/// <param name="operation">For metrics: one of few words.</param>
/// <param name="what">For messages: the beginning of a sentence, e.g. "Listing nodes".</param>
internal sealed class MasterCall(string operation, HttpMethod method, string path, string what)
{
    public string Operation => operation;

    public HttpMethod Method => method;

    /// <summary>Behind the Master's URL, escaped.</summary>
    public string Path => path;

    public string What => what;

    public JsonObject? Body { get; init; }

    public TimeSpan Patience { get; init; } = OperatorSettings.LongestCall;

    /// <summary>True where no token is sent.</summary>
    public bool Anonymous { get; init; }

    public bool Writes => method != HttpMethod.Get;
}
