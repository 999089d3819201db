namespace Kontena.Simulator.Overlay;

/// <summary>What passes between two machines.</summary>
/// <param name="Dialled">The address that the first was told to connect to.</param>
/// <param name="Origin">Where the first one's packets come from, as the second sees it.</param>
/// <param name="Control">TCP 6783 from the first to the second: whoever connects is enough.</param>
/// <param name="Sleeve">UDP 6783, both ways.</param>
/// <param name="Fastdp">UDP 6784, both ways.</param>
/// <param name="Esp">Protocol 50, both ways.</param>
internal readonly record struct Paths(string Dialled, string Origin, bool Control, bool Sleeve, bool Fastdp, bool Esp);
