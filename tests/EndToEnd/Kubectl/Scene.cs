using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Kontena.Kubernetes.Schema;
using Kontena.TestKit.Engines;
using Kontena.TestKit.Kubectl;

namespace Kontena.EndToEnd.Kubectl;

/// <summary>
/// One interaction on stage: an engine, a namespace of its own, a kubectl, and the transcript of all that is said. A path in a
/// request may hold <c>{pools}</c>, the collection of NodePools in the namespace, <c>{specimens}</c> (see <see cref="SpecimenCrds"/>),
/// <c>{core}</c>, the core kinds in it, and <c>{ns}</c>. An interaction that never asks for kubectl is played on machines without one too.
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

    /// <summary>How many requests and commands were played, those that set the stage included.</summary>
    public int Played { get; private set; }

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
    public Task<CommandResult> UntoldAsync(string arguments, string? input = null)
    {
        Played++;
        return kubectl.Value.RunAsync(Split(arguments), input, environment: null, Ct);
    }

    /// <summary>Runs kubectl to set the stage, without a word in the transcript; it must succeed.</summary>
    public async Task<string> QuietlyAsync(string arguments, string? input = null) =>
        (await UntoldAsync(arguments, input)).Succeeded().Output;

    /// <summary>Starts a kubectl that goes on.</summary>
    public RunningKubectl Start(string arguments)
    {
        Played++;
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

    /// <summary>From here on <paramref name="text"/> reads <paramref name="placeholder"/> in the transcript.</summary>
    public void Hide(string text, string placeholder) => normaliser.Hide(text, placeholder);

    /// <summary>Writes down an object, sorted and normalised.</summary>
    public void SayObject(JsonObject resource) => transcript.AddBlock("", normaliser.Resource(resource));

    /// <summary>Writes down a line of output.</summary>
    public void Say(string line) => transcript.AddBlock("", normaliser.Text(line));

    /// <summary>Sends one request and writes down the answer's code, kind or reason, causes, and the fields at <paramref name="show"/>.</summary>
    public Task<ApiAnswer> HttpAsync(
        HttpMethod method, string path, string? body = null, string contentType = "application/json", params string[] show) =>
        SayAsync(method, path, body, contentType, "application/json", show);

    /// <summary>A GET with an Accept header of its own.</summary>
    public Task<ApiAnswer> AskAsync(string path, string accept, params string[] show) =>
        SayAsync(HttpMethod.Get, path, null, "application/json", accept, show);

    /// <summary>Sends one request to set the stage, without a word in the transcript; it must succeed.</summary>
    public async Task<JsonObject> QuietHttpAsync(HttpMethod method, string path, string? body = null, string contentType = "application/json") =>
        (await SendAsync(method, path, body, contentType)).Succeeded();

    /// <summary>Opens a watch on <c>{pools}</c>, or on another collection, with this query.</summary>
    public async Task<ApiWatch> WatchAsync(string query, string path = "{pools}", string accept = "application/json")
    {
        Played++;
        transcript.Add($"> WATCH {path}?{Digits().Replace(normaliser.Text(query), "resourceVersion=VERSION")}{Unless(accept)}");
        var watch = await Engine.Http.WatchAsync($"{Address(path)}?watch=true&{query}", accept, Ct);
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

    private static string Unless(string mediaType) => mediaType == "application/json" ? "" : $" ({mediaType})";

    private async Task<ApiAnswer> SayAsync(HttpMethod method, string path, string? body, string contentType, string accept, string[] show)
    {
        transcript.Add($"> {method} {normaliser.Text(path)}{Unless(contentType)}{Unless(accept)}");
        var answer = await SendAsync(method, path, body, contentType, accept);
        transcript.AddBlock("", AnswerText.Of(answer, normaliser, show));
        return answer;
    }

    private Task<ApiAnswer> SendAsync(HttpMethod method, string path, string? body, string contentType, string accept = "application/json")
    {
        Played++;
        return Engine.Http.SendTextAsync(method, Address(path), body, contentType, accept, Ct);
    }

    private string Address(string path) => path
        .Replace("{pools}", "/apis/kontena.io/v1alpha1/namespaces/{ns}/nodepools", StringComparison.Ordinal)
        .Replace("{specimens}", "/apis/test.kontena.io/v1/namespaces/{ns}/specimens", StringComparison.Ordinal)
        .Replace("{core}", "/api/v1/namespaces/{ns}", StringComparison.Ordinal)
        .Replace("{ns}", Namespace, StringComparison.Ordinal);

    private async Task<CommandResult> RunAsync(
        string arguments, string? input, IReadOnlyDictionary<string, string>? environment, bool show)
    {
        Played++;
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
