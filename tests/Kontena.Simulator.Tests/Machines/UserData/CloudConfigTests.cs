using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Kontena.Simulator.Machines.UserData;

namespace Kontena.Simulator.Tests.Machines.UserData;

/// <summary>User-data taken apart and merged as cloud-init does it.</summary>
public sealed class CloudConfigTests
{
    private static CloudConfig Read(string text, List<string>? said = null) => Read(Encoding.UTF8.GetBytes(text), said);

    private static CloudConfig Read(byte[] data, List<string>? said = null) => CloudConfig.Merge(UserDataParts.Split(data), (said ?? []).Add);

    private static string Mime(params string[] parts) => "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"==b==\"\n\n"
        + string.Concat(parts.Select(p => "--==b==\n" + p + "\n")) + "--==b==--\n";

    private static string Part(string body, string headers = "Content-Type: text/cloud-config") => headers + "\n\n#cloud-config\n" + body;

    [Test]
    public void Files_InEveryEncoding_AreDecoded()
    {
        var zipped = Convert.ToBase64String(Bootstraps.Gzip("zipped"));
        var config = Read($"""
            #cloud-config
            write_files:
              - path: /plain
                content: plain
              - path: /b64
                encoding: b64
                content: {Convert.ToBase64String("b64"u8)}
              - path: /gz
                encoding: gz+b64
                permissions: "0600"
                content: {zipped}
              - path: /late
                permissions: 0o755
                append: true
                defer: true
            """);
        Assert.That(config.Files.Select(f => (f.Path, Encoding.UTF8.GetString(f.Content), Convert.ToString(f.Mode, 8), f.Append, f.Deferred)), Is.EqualTo(new[]
        {
            ("/plain", "plain", "644", false, false), ("/b64", "b64", "644", false, false), ("/gz", "zipped", "600", false, false), ("/late", "", "755", true, true),
        }));
    }

    [TestCase("\"0640\"", "640"), TestCase("'640'", "640"), TestCase("0640", "640")]
    [TestCase("640", "1200", Description = "a plain number is decimal")]
    [TestCase("rw-r--r--", "644", Description = "what cannot be read is the default")]
    public void Permissions_AsWritten_AreThoseOfCloudInit(string written, string mode) =>
        Assert.That(Convert.ToString(Read($"#cloud-config\nwrite_files:\n  - path: /x\n    permissions: {written}\n").Files[0].Mode, 8), Is.EqualTo(mode));

    [Test]
    public void Parts_MergedByDefault_LaterReplaces()
    {
        var config = Read(Mime(Part("packages: [a]\nhostname: one"), Part("packages: [b]")));
        Assert.That((config.HostName, config.Packages), Is.EqualTo(("one", new[] { "b" })));
    }

    [TestCase("Merge-Type")]
    [TestCase("X-Merge-Type")]
    public void Parts_MergedAsTheHeaderSays_KeepBoth(string header)
    {
        var config = Read(Mime(Part("packages: [a]\nhostname: mine\nruncmd: [[one]]"),
            Part("packages: [b]\nhostname: theirs\nruncmd: [[two]]", $"Content-Type: text/cloud-config\n{header}: list(append)+dict(no_replace,recurse_list)+str()")));
        Assert.That((config.HostName, config.Packages), Is.EqualTo(("mine", new[] { "a", "b" })));
        Assert.That(config.RunCommands.Select(c => c.Words[0]), Is.EqualTo(new[] { "one", "two" }));
    }

    [TestCase("merge_how: 'list(append)+dict(recurse_list)+str()'")]
    [TestCase("merge_type: 'list(append)+dict(recurse_list)+str()'")]
    public void Parts_MergedInDictReplace_ReplaceInSpiteOfAppend(string how) =>
        Assert.That(Read(Mime(Part("packages: [a]"), Part($"{how}\npackages: [b]"))).Packages, Is.EqualTo(new[] { "b" }));

    [Test]
    public void MergeHow_AsAList_IsRead()
    {
        var how = "merge_how:\n - name: list\n   settings: [prepend]\n - name: dict\n   settings: [no_replace, recurse_list]\n";
        Assert.That(Read(Mime(Part("packages: [a]"), Part($"{how}packages: [b]"))).Packages, Is.EqualTo(new[] { "b", "a" }));
    }

    [Test]
    public void Parts_NestedBase64AndBroken_AreReadAsFarAsTheyCan()
    {
        var inner = Mime(Part("hostname: inner")).Replace("==b==", "==c==", StringComparison.Ordinal);
        var coded = "Content-Type: text/cloud-config\nContent-Transfer-Encoding: base64\n\n" + Convert.ToBase64String("#cloud-config\npackages: [coded]"u8);
        List<string> said = [];
        var config = Read(Mime(inner.TrimEnd('\n'), coded, Part("packages: [broken"), "Content-Type: text/x-shellscript\n\n#!/bin/sh\necho", "Content-Type: text/upstart-job\n\nx"), said);
        Assert.That((config.HostName, config.Packages, config.Scripts.Count), Is.EqualTo(("inner", new[] { "coded" }, 1)));
        Assert.That(said, Has.Exactly(1).Contains("YAML is broken").And.Exactly(1).Contains("text/upstart-job"));
    }

    [Test]
    public void Message_WithoutItsEnd_IsReadToTheLastPart() =>
        Assert.That(Read(Mime(Part("hostname: x"), Part("merge_how: dict(recurse_list)\npackages: [y]"))[..^10]).Packages, Is.EqualTo(new[] { "y" }));

    [Test]
    public void Data_CutOffOrDamaged_IsRefusedInWordsThatQuoteNothing()
    {
        foreach (var data in new[] { Bootstraps.Gzip("#cloud-config\nhostname: x\n")[..12], [0x1f, 0x8b, 1, 2, 3], "Content-Type: multipart/mixed\n\nhostname"u8.ToArray(), "MIME-Version: 1.0\nhostname: x"u8.ToArray() })
            Assert.That(() => Read(data), Throws.TypeOf<UserDataException>().With.Message.Not.Contains("hostname"), Convert.ToHexString(data));
    }

    [TestCase("[")]
    [TestCase("- ")]
    [TestCase("{a: ")]
    public void Document_WithoutBottom_IsRefused(string piece)
    {
        List<string> said = [];
        Read("#cloud-config\npackages:\n  " + string.Concat(Enumerable.Repeat(piece, 16_000 / piece.Length)), said);
        Assert.That(said, Has.Count.EqualTo(1));
        Assert.That(said[0], Does.Contain("nested too deeply").Or.Contain("broken"));
    }

    [Test]
    public void Read_AnythingAtAll_NeverFailsOtherwise()
    {
        var whole = Encoding.UTF8.GetBytes(Mime(Part("hostname: x\nwrite_files:\n  - {path: /a, content: b, encoding: gz+b64}\nruncmd: [[a, b], 'c d']")));
        var mutated = from cut in Gen.Choose(0, whole.Length)
                      from changes in Gen.ListOf(from at in Gen.Choose(0, whole.Length - 1) from to in Gen.Choose(0, 255) select (at, to))
                      select changes.Aggregate(whole.ToArray(), (bytes, c) => { bytes[c.at] = (byte)c.to; return bytes; })[..cut];
        Prop.ForAll(mutated.ToArbitrary(), data =>
        {
            try
            {
                Read(data);
            }
            catch (UserDataException)
            {
            }
            try
            {
                Simulator.Machines.UserData.Ignition.Read(data);
            }
            catch (UserDataException)
            {
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));
    }
}
