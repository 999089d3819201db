using System.CommandLine;
using Kontena.Operator.Resources;

namespace Kontena.Operator.Commands;

/// <summary><c>crds</c>: prints the CustomResourceDefinitions, or writes them into a folder.</summary>
internal static class CrdsCommand
{
    public static Command Build()
    {
        var output = new Option<DirectoryInfo?>("--output") { Description = "Folder to write one file a kind into, instead of printing." };
        var command = new Command("crds", "Print the CustomResourceDefinitions, ready for kubectl apply.") { output };
        command.SetAction(parsed => Run(parsed.GetValue(output), parsed.InvocationConfiguration.Output));
        return command;
    }

    private static void Run(DirectoryInfo? folder, TextWriter output)
    {
        if (folder is not null)
        {
            foreach (var path in CrdFiles.Write(folder.FullName)) output.WriteLine(path);
            return;
        }
        foreach (var (_, text) in CrdFiles.Render())
        {
            output.WriteLine("---");
            output.Write(text);
        }
    }
}
