using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using NUnit.Framework;

namespace Kontena.TestKit.GitOps;

/// <summary>
/// The Lua on PATH (Debian: <c>lua5.4</c>), to run Argo CD's health checks with. Argo CD itself embeds a Lua 5.1 without libraries but the basic ones; a
/// script that keeps to both runs in both.
/// </summary>
public static class LuaInterpreter
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(60);

    private static readonly Lazy<string?> found = new(() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .SelectMany(folder => new[] { "lua5.1", "lua5.4", "lua" }.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists));

    public static bool IsThere => found.Value is not null;

    /// <summary>The path of a Lua; the calling test is skipped, with the reason, where there is none.</summary>
    public static string Require()
    {
        if (found.Value is null) Assert.Ignore("No Lua on this machine: apt-get install lua5.4.");
        return found.Value!;
    }

    /// <summary>Runs a health check with each object as its global <c>obj</c>; the fields <c>status</c> and <c>message</c> of the tables that it returns.</summary>
    /// <exception cref="InvalidOperationException">The script failed; Lua's words are in the message.</exception>
    public static async Task<IReadOnlyList<(string Status, string Message)>> JudgeAsync(string script, IEnumerable<JsonObject> objects, CancellationToken ct)
    {
        var program = new StringBuilder("local function health()\n").AppendLine(script).AppendLine("end");
        program.AppendLine("""local function line(text) return (string.gsub(tostring(text), "[\t\r\n]", " ")) end""");
        program.AppendLine("""local function judge(object) obj = object; local hs = health(); print(line(hs.status) .. "\t" .. line(hs.message)) end""");
        foreach (var resource in objects) program.Append("judge(").Append(Literal(resource)).AppendLine(")");
        var output = await RunAsync(Require(), program.ToString(), ct);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).Select(l => (l[0], l[1]))];
    }

    private static async Task<string> RunAsync(string lua, string program, CancellationToken ct)
    {
        using var process = Process.Start(new ProcessStartInfo(lua, ["-"]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var limit = new CancellationTokenSource(deadline, TimeProvider.System);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(both.Token);
            var error = process.StandardError.ReadToEndAsync(both.Token);
            await process.StandardInput.WriteAsync(program.AsMemory(), both.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(both.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"Lua: {await error}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static string Literal(JsonNode? node) => node switch
    {
        null => "nil",
        JsonObject members => "{" + string.Join(", ", members.Select(m => $"[{Quoted(m.Key)}] = {Literal(m.Value)}")) + "}",
        JsonArray items => "{" + string.Join(", ", items.Select(Literal)) + "}",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Quoted(value.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    /// <summary>Every byte that is not plain text as <c>\ddd</c>, which all versions of Lua read.</summary>
    private static string Quoted(string text) =>
        "\"" + string.Concat(Encoding.UTF8.GetBytes(text).Select(b => b is >= 32 and < 127 and not ((byte)'"' or (byte)'\\') ? ((char)b).ToString() : "\\" + b.ToString("000", CultureInfo.InvariantCulture))) + "\"";
}
