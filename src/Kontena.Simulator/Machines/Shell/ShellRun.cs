using System.Globalization;
using System.Text;
using Kontena.Simulator.Machines.Docker;
using Kontena.Simulator.Machines.Os;

namespace Kontena.Simulator.Machines.Shell;

/// <summary>Runs one script on a machine: no process and no file outside its simulated disk.</summary>
internal sealed class ShellRun
{
    /// <summary>Scripts that wait do so in no time; one that waits for ever must not hang the simulator.</summary>
    private const int MostRounds = 1000;

    private readonly Programs programs;
    private readonly Disk disk;
    private readonly Dictionary<string, string> variables;
    private readonly HashSet<string> exported;
    private readonly Action<int> exited;
    private readonly ShellWords words;
    private bool stopsAtErrors;
    private bool ended;
    private int status;
    private IContainer? running;

    private ShellRun(Programs programs, Disk disk, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        (this.programs, this.disk, this.exited) = (programs, disk, exited);
        variables = new Dictionary<string, string>(environment, StringComparer.Ordinal);
        exported = [.. environment.Keys];
        words = new ShellWords(variables, Substituted);
    }

    /// <summary>How the script ended; a container that its last command waits for is the script's own.</summary>
    /// <exception cref="ShellException">It uses what is not simulated.</exception>
    public static Outcome Run(string script, ShellStreams streams, Programs programs, Disk disk, IReadOnlyDictionary<string, string> environment, Action<int> exited)
    {
        var run = new ShellRun(programs, disk, environment, exited);
        run.Execute(ShellParser.Parse(script), streams, guarded: false);
        return new(run.status, run.running);
    }

    private string Substituted(string script)
    {
        var streams = new ShellStreams();
        var before = (ended, stopsAtErrors);
        Execute(ShellParser.Parse(script), streams, guarded: true);
        // A subshell's exit is its own.
        (ended, stopsAtErrors) = before;
        return streams.Output.ToString();
    }

    /// <param name="guarded">A condition, where a failure does not end the script under <c>set -e</c>.</param>
    private int Execute(ShellNode node, ShellStreams streams, bool guarded)
    {
        if (ended) return status;
        switch (node)
        {
            case ShellNode.Sequence sequence:
                status = 0;
                foreach (var step in sequence.Steps) Execute(step, streams, guarded);
                return status;
            case ShellNode.Either either:
                var first = Execute(either.First, streams, guarded: true);
                return ended || first == 0 != either.And ? status : Execute(either.Then, streams, guarded);
            case ShellNode.If branch:
                return If(branch, streams, guarded);
            case ShellNode.While loop:
                for (var round = 0; !ended && Execute(loop.Condition, streams, guarded: true) == 0 != loop.Until && !ended; round++)
                {
                    if (round == MostRounds) throw new ShellException("a loop without end");
                    Execute(loop.Body, streams, guarded);
                }
                return ended ? status : status = 0;
            case ShellNode.For each:
                foreach (var value in each.Words.SelectMany(words.Fields).ToList())
                {
                    variables[each.Name] = value;
                    Execute(each.Body, streams, guarded);
                }
                return status;
            case ShellNode.Pipeline pipeline:
                return Checked(Pipeline(pipeline, streams), guarded || pipeline.Negated);
            case ShellNode.Simple simple:
                return Checked(Simple(simple, streams), guarded);
            default:
                throw new InvalidOperationException($"{node.GetType().Name} has no execution.");
        }
    }

    private int Checked(int code, bool guarded)
    {
        status = code;
        if (code != 0 && stopsAtErrors && !guarded) ended = true;
        return code;
    }

    private int If(ShellNode.If branch, ShellStreams streams, bool guarded)
    {
        foreach (var (condition, body) in branch.Branches)
            if (Execute(condition, streams, guarded: true) == 0 && !ended) return Execute(body, streams, guarded);
        if (ended) return status;
        status = 0;
        return branch.Else is { } otherwise ? Execute(otherwise, streams, guarded) : 0;
    }

    private int Pipeline(ShellNode.Pipeline pipeline, ShellStreams streams)
    {
        var input = streams.Input;
        var code = 0;
        for (var i = 0; i < pipeline.Stages.Count; i++)
        {
            var last = i == pipeline.Stages.Count - 1;
            var stage = new ShellStreams { Input = input };
            code = Execute(pipeline.Stages[i], stage, guarded: true);
            if (last) streams.Output.Append(stage.Output);
            input = stage.Output.ToString();
        }
        return pipeline.Negated ? code == 0 ? 1 : 0 : code;
    }

    private int Simple(ShellNode.Simple simple, ShellStreams outer)
    {
        var streams = new ShellStreams { Input = Input(simple) ?? outer.Input };
        var assigned = simple.Words.TakeWhile(IsAssignment).ToList();
        var fields = simple.Words.Skip(assigned.Count).SelectMany(words.Fields).ToList();
        var values = assigned.Select(a => (Name: a[..a.IndexOf('=', StringComparison.Ordinal)], Value: words.Text(a[(a.IndexOf('=', StringComparison.Ordinal) + 1)..]))).ToList();
        if (fields.Count == 0)
        {
            // x=$(command) has the command's status.
            if (!assigned.Any(a => a.Contains("$(", StringComparison.Ordinal))) status = 0;
            foreach (var (name, value) in values) variables[name] = value;
        }
        else status = Command(fields, values, streams);
        variables["?"] = status.ToString(CultureInfo.InvariantCulture);
        Redirect(simple, streams, outer);
        return status;
    }

    private int Command(List<string> fields, List<(string Name, string Value)> values, ShellStreams streams)
    {
        switch (fields[0])
        {
            case "set":
                foreach (var flag in fields.Skip(1).Where(f => f.StartsWith('-')))
                    (stopsAtErrors, words.Strict) = (stopsAtErrors || flag.Contains('e'), words.Strict || flag.Contains('u'));
                return 0;
            case "exit":
                ended = true;
                return fields.Count > 1 && int.TryParse(fields[1], NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : status;
            case "export":
                foreach (var each in fields.Skip(1))
                {
                    var equals = each.IndexOf('=', StringComparison.Ordinal);
                    if (equals > 0) variables[each[..equals]] = each[(equals + 1)..];
                    exported.Add(equals > 0 ? each[..equals] : each);
                }
                return 0;
            case "exec" when fields.Count > 1:
                status = Command([.. fields.Skip(1)], values, streams);
                ended = true;
                return status;
            case "command" when fields is [_, "-v", var program]:
                return programs.Has(program) ? 0 : 127;
        }
        if (ShellTools.Run(fields, streams, disk) is { } done) return done;
        var environment = variables.Where(v => exported.Contains(v.Key)).Concat(values.Select(v => KeyValuePair.Create(v.Name, v.Value)))
            .GroupBy(v => v.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Last().Value, StringComparer.Ordinal);
        if (programs.Output(fields) is { } output) streams.Output.Append(output);
        var outcome = programs.Run(fields, environment, exited);
        // A container in the foreground: what follows would run once it ended.
        if (outcome.Running is not null) (running, ended) = (outcome.Running, true);
        return outcome.Code;
    }

    private string? Input(ShellNode.Simple simple) =>
        simple.Redirects.LastOrDefault(r => r.Descriptor == 0) is { } from ? disk.Text(words.Text(from.Target)) ?? throw new ShellException("an input that is not there") : null;

    private void Redirect(ShellNode.Simple simple, ShellStreams streams, ShellStreams outer)
    {
        var to = simple.Redirects.LastOrDefault(r => r.Descriptor == 1);
        if (to is null) outer.Output.Append(streams.Output);
        else if (!to.Target.StartsWith('&') && words.Text(to.Target) is not "/dev/null" and var path)
            disk.Write(path, Encoding.UTF8.GetBytes(streams.Output.ToString()), disk.Find(path)?.Mode ?? 0x1a4, to.Append);
    }

    private static bool IsAssignment(string word) => word.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals && Units.EnvironmentText.IsName(word[..equals]);
}

/// <summary>What a command reads and writes. Errors go nowhere: they may quote what is secret.</summary>
internal sealed class ShellStreams
{
    public string Input { get; init; } = "";

    public StringBuilder Output { get; } = new();
}
