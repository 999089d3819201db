namespace Kontena.Simulator.Overlay;

/// <summary>What an agent does with its machine's overlay, through the Docker socket (kontena agent/lib/kontena/network_adapters/weave.rb).</summary>
internal interface IOverlayHost
{
    /// <summary>Sees to it that the container <c>weave</c> runs with those trusted subnets. Its password stays what it was: the agent does not look at it.</summary>
    /// <returns>False where the container ran with other subnets, and was removed and made anew.</returns>
    bool Launch(string? password, IReadOnlyList<string> trustedSubnets);

    /// <summary><c>weave connect --replace</c>.</summary>
    void Connect(IReadOnlyList<string> peers);
}
