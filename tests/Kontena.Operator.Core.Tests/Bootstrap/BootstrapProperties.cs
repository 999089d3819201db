using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Operator.Core.Api;
using Kontena.Operator.Core.Bootstrap;
using Kontena.Operator.Core.Grids;
using OperatingSystem = Kontena.Operator.Core.Api.OperatingSystem;

namespace Kontena.Operator.Core.Tests.Bootstrap;

/// <summary>Whatever stands in a value, it stays a value.</summary>
public sealed class BootstrapProperties
{
    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(1000);

    private static readonly Gen<string> Character = Gen.Frequency(
        (6, Gen.Elements("\"", "'", "$", "%", "\\", "#", "{", "}", ":", "- ", " ", "\t", "=", "`", "!", "&", "*", "|", ">", "<", "@", ",", "[", "]", "~", "?")),
        (2, Gen.Elements("${KONTENA_TOKEN}", "%h", "\\n", "\\x41", "---", "...", "EOF", "{{ v1 }}", ": ", " #")),
        (2, Gen.Elements("é", "日", "😀", "\u2028", "\ufeff", "\u00a0", "\ufffd")),
        (6, Gen.Choose('!', '~').Select(c => ((char)c).ToString())));

    private static readonly Gen<string> Value = Character.NonEmptyListOf().Select(string.Concat);

    private static readonly Gen<string> Name = from head in Gen.Elements("A", "_", "LOG_LEVEL") from tail in Gen.Choose(0, 99) select $"{head}{tail}";

    private static readonly Gen<string> LabelText = Gen.Choose('!', '~').Where(c => c != ',').Select(c => (char)c).NonEmptyListOf().Select(string.Concat);

    private static readonly Arbitrary<BootstrapInput> Any = Arb.From(
        from os in Gen.Elements(Enum.GetValues<OperatingSystem>())
        from grid in Value
        from node in Value
        from labels in LabelText.ListOf()
        from names in Name.ListOf()
        from values in Value.ListOf(names.Count)
        let agent = BootstrapCase.Agent() with { GridToken = new SecretText(grid), NodeToken = new SecretText(node), Labels = [.. labels] }
        let environment = names.Zip(values).GroupBy(v => v.First).ToDictionary(g => g.Key, g => g.First().Second)
        select BootstrapCase.Node(os, agent) with { Template = new TemplateSpec { OperatingSystem = os, Agent = new AgentSpec { Environment = environment } } });

    [Test]
    public void Render_AnyValues_ReachTheContainerAsTheyAre() => Check.One(Many, Prop.ForAll(Any, input =>
    {
        var rendered = BootstrapData.Render(input);
        var machine = RenderedMachine.Of(rendered);
        var wanted = AgentEnvironment.Of(input.Agent!, input.Template.Agent);
        Assert.That(machine.Environment, Is.EquivalentTo(wanted.ToDictionary(v => v.Name, v => v.Value)));
        Assert.That(wanted.Select(v => v.Name), Is.SupersetOf(input.Template.Agent!.Environment!.Keys));
        Assert.That(rendered, Is.All.InRange((byte)'\n', (byte)'~'), "ASCII, for providers that take text");
        Assert.That(BootstrapData.Render(input), Is.EqualTo(rendered));
        return true;
    }));

    [Test]
    public void Render_AnyValueWithALineBreak_IsRefused() => Check.One(Many, Prop.ForAll(Any, Arb.From(Gen.Elements('\n', '\r', '\0', '\u0085', '\u001b')), (input, control) =>
    {
        var token = input.Agent!.GridToken.Reveal();
        var broken = input with { Agent = input.Agent with { GridToken = new SecretText(token.Insert(token.Length / 2 is var at && at > 0 && char.IsLowSurrogate(token[at]) ? 0 : at, control.ToString())) } };
        Assert.That(() => BootstrapData.Render(broken), Throws.TypeOf<BootstrapException>());
        return true;
    }));

    [Test]
    public void ComposeFile_AnyValues_AreReadBack() => Check.One(Many, Prop.ForAll(Any, input =>
    {
        var environment = RenderedYaml.Read(Encoding.UTF8.GetString(ComposeFile.Render(input.Agent!, input.Template)))["services"]!["kontena-agent"]!["environment"]!.AsObject();
        Assert.That(environment.ToDictionary(v => v.Key, v => (string?)v.Value),
            Is.EquivalentTo(AgentEnvironment.Of(input.Agent!, input.Template.Agent).ToDictionary(v => v.Name, v => (string?)v.Value.Replace("$", "$$", StringComparison.Ordinal))));
        return true;
    }));

    [Test]
    public void Render_AnyUserData_KeepsOurPartWhole() => Check.One(Many, Prop.ForAll(Any, Arb.From(Value.ListOf()), (input, lines) =>
    {
        if (input.Template.OperatingSystem is OperatingSystem.Flatcar) return true;
        var users = "#!/bin/sh\n" + string.Join('\n', lines);
        var ours = Encoding.UTF8.GetString(BootstrapData.Render(input));
        var merged = Encoding.UTF8.GetString(BootstrapData.Render(input with { UserData = Encoding.UTF8.GetBytes(users) }));
        var boundary = merged.Split('"')[1];
        var parts = merged.Split($"\n--{boundary}");
        Assert.That(parts, Has.Length.EqualTo(4));
        Assert.That(parts[2][(parts[2].IndexOf("\n\n", StringComparison.Ordinal) + 2)..], Is.EqualTo(ours));
        return true;
    }));
}
