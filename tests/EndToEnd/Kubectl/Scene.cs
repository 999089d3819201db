using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// One interaction on stage: an engine, a namespace of its own, a kubectl, and the transcript of all that is said. A path in a
/// request may hold <c>{pools}</c>, the collection of NodePools in the namespace, and <c>{ns}</c>. An interaction that never asks
/// for kubectl is played on machines without one too.
/// </summary>
public sealed partial class Scene : IDisposable
{
    private readonly Lazy<KubectlClient> kubectl;
    private readonly Transcript transcript = new();
    private readonly Normaliser normaliser = new();

    private Scene(ApiEngine engine, string ns, CancellationToken ct)
    {
        (Engine, Namespace, Ct) = (engine, ns, ct);
        kubectl = new Lazy<KubectlClient>(() => KubectlClient.Require(engine.KubeconfigPath, ns));
        normaliser.Hide(engine.Address.GetLeftPart(UriPartial.Authority), "SERVER");
        normaliser.Hide(ns, "NS");
    }

    public ApiEngine Engine { get; }

    public string Namespace { get; }

    public CancellationToken Ct { get; }

    public static async Task<Scene> OpenAsync(ApiEngine engine, CancellationToken ct) =>
        new(engine, await engine.CreateNamespaceAsync(ct), ct);

    /// <summary>Says in the transcript what the next lines are about.</summary>
    public void Note(string sentence) => transcript.Add("# " + sentence);

    /// <summary>Runs kubectl and writes down what it said. Single quotes keep blanks together, as in a shell.</summary>
    public Task<CommandResult> KubectlAsync(string arguments, string? input = null) => RunAsync(arguments, input, environment: null, show: true);

    /// <summary>Runs <c>kubectl edit</c>; the editor is a sed expression.</summary>
    public Task<CommandResult> EditAsync(string arguments, string sed) =>
        RunAsync("edit " + arguments, input: null, new Dictionary<string, string> { ["KUBE_EDITOR"] = $"sed -i -e '{sed}'" }, show: true);

    /// <summary>Runs kubectl for its JSON or YAML and writes down the normalised object.</summary>
    public async Task<JsonObject> KubectlObjectAsync(string arguments)
    {
        var result = await RunAsync(arguments, input: null, environment: null, show: false);
        var resource = YamlDocuments.Read(result.Succeeded().Output).Single();
        transcript.AddBlock("", normaliser.Resource(resource));
        return resource;
    }

    /// <summary>Runs kubectl without a word in the transcript: output that no two servers share. The caller judges it.</summary>
    public Task<CommandResult> UntoldAsync(string arguments, string? input = null) =>
        kubectl.Value.RunAsync(Split(arguments), input, environment: null, Ct);

    /// <summary>Runs kubectl to set the stage, without a word in the transcript; it must succeed.</summary>
    public async Task<string> QuietlyAsync(string arguments, string? input = null) =>
        (await UntoldAsync(arguments, input)).Succeeded().Output;

    /// <summary>Starts a kubectl that goes on.</summary>
    public RunningKubectl Start(string arguments)
    {
        transcript.Add(normaliser.Text($"$ kubectl {arguments} &"));
        return kubectl.Value.Start(Split(arguments));
    }

    /// <summary>Reads the next line of a running kubectl into the transcript.</summary>
    public async Task ReadLineAsync(RunningKubectl running) => Say(await running.ReadLineAsync(Ct) ?? "(end)");

    /// <summary>Reads a running kubectl to its end into the transcript, and its exit code.</summary>
    public async Task ReadToEndAsync(RunningKubectl running)
    {
        while (await running.ReadLineAsync(Ct) is { } line) Say(line);
        transcript.Add($"exit code {await running.ExitCodeAsync(Ct)}");
    }

    /// <summary>Writes down a line of output.</summary>
    public void Say(string line) => transcript.AddBlock("", normaliser.Text(line));

    /// <summary>Sends one request and writes down the answer's code, kind or reason, causes, and the fields at <paramref name="show"/>.</summary>
    public async Task<ApiAnswer> HttpAsync(
        HttpMethod method, string path, string? body = null, string contentType = "application/json", params string[] show)
    {
        transcript.Add($"> {method} {normaliser.Text(path)}{(contentType == "application/json" ? "" : $" ({contentType})")}");
        var answer = await SendAsync(method, path, body, contentType);
        transcript.AddBlock("", AnswerText.Of(answer, normaliser, show));
        return answer;
    }

    /// <summary>Sends one request to set the stage, without a word in the transcript; it must succeed.</summary>
    public async Task<JsonObject> QuietHttpAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json") =>
        (await SendAsync(method, path, body, contentType)).Succeeded();

    /// <summary>Opens a watch on <c>{pools}</c> with this query.</summary>
    public async Task<ApiWatch> WatchAsync(string query)
    {
        transcript.Add($"> WATCH {{pools}}?{Digits().Replace(normaliser.Text(query), "resourceVersion=VERSION")}");
        var watch = await Engine.Http.WatchAsync($"/apis/kontena.io/v1alpha1/namespaces/{Namespace}/nodepools?watch=true&{query}", Ct);
        transcript.Add($"< {watch.Code}");
        return watch;
    }

    /// <summary>Reads the next frame into the transcript and returns it; null at the end of the stream.</summary>
    public async Task<JsonObject?> NextFrameAsync(ApiWatch watch, params string[] show)
    {
        var frame = await watch.NextAsync(Ct);
        transcript.AddBlock("", frame is null ? "(end of stream)" : AnswerText.OfFrame(frame, normaliser, show));
        return frame;
    }

    public override string ToString() => transcript.ToString();

    public void Dispose()
    {
        if (kubectl.IsValueCreated) kubectl.Value.Dispose();
    }

    private static string[] Split(string arguments) =>
        [.. Words().Matches(arguments).Select(word => word.Value.Replace("'", "", StringComparison.Ordinal))];

    private Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string contentType)
    {
        var address = path.Replace("{pools}", $"/apis/kontena.io/v1alpha1/namespaces/{Namespace}/nodepools", StringComparison.Ordinal)
            .Replace("{ns}", Namespace, StringComparison.Ordinal);
        return Engine.Http.SendAsync(method, address, body is null ? null : JsonNode.Parse(body), contentType, Ct);
    }

    private async Task<CommandResult> RunAsync(
        string arguments, string? input, IReadOnlyDictionary<string, string>? environment, bool show)
    {
        transcript.Add(normaliser.Text($"$ kubectl {arguments}"));
        var result = await kubectl.Value.RunAsync(Split(arguments), input, environment, Ct);
        if (show) transcript.AddBlock("", normaliser.Text(result.Output));
        transcript.AddBlock("! ", normaliser.Text(Quirks.Remove(result.Error)));
        if (result.ExitCode != 0) transcript.Add($"exit code {result.ExitCode}");
        return result;
    }

    [GeneratedRegex(@"(?:'[^']*'|[^\s'])+")]
    private static partial Regex Words();

    [GeneratedRegex(@"resourceVersion=\d{1,}(?<!=0|=1)")]
    private static partial Regex Digits();
}
