namespace Kontena.Operator.Core.Ipsec;

/// <summary>The reasons of a node's and a pool's condition about encryption.</summary>
public static class IpsecReasons
{
    /// <summary>Nothing stands against encryption in the kernel, as far as can be seen from outside.</summary>
    public const string EspOpen = "EspOpen";

    /// <summary>ESP was wanted if it can be had: the overlay encrypts in user space instead.</summary>
    public const string FallsBack = "FallsBack";

    public const string Disabled = "Disabled";

    /// <summary>Trusted subnets have the node and another member: between them nothing is encrypted.</summary>
    public const string TrustedSubnets = "TrustedSubnets";

    /// <summary>The node's agent was started without the overlay's password.</summary>
    public const string NoGridToken = "NoGridToken";

    public const string EspClosed = "EspClosed";

    /// <summary>The firewall of another member keeps ESP out.</summary>
    public const string EspClosedAtPeer = "EspClosedAtPeer";

    /// <summary>No rule of the provider can name protocol 50.</summary>
    public const string EspNotExpressible = "EspNotExpressible";

    /// <summary>Another pool of the grid prepares nothing for ESP.</summary>
    public const string PeersDisabled = "PeersDisabled";

    public const string NotObserved = "NotObserved";
}
