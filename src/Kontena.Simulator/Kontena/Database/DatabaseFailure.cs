namespace Kontena.Simulator.Kontena.Database;

/// <summary>What the real Master does not foresee: REST answers 500 "Internal server error", and a WebSocket stays open without a word.</summary>
internal sealed class DatabaseFailure(string message) : Exception(message);
