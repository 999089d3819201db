using System.CommandLine;
using Kontena.Operator.Commands.Demo;

namespace Kontena.Operator.Commands;

/// <summary>All commands of the program.</summary>
internal static class CommandTree
{
    public static RootCommand Build() => new("Kontena Operator keeps real machines equal to declared NodePools.")
    {
        RunCommand.Build(),
        StandaloneCommand.Build(),
        SimulateCommand.Build(),
        DemoCommand.Build(),
        CrdsCommand.Build(),
        ValidateCommand.Build(),
    };
}
