namespace Kontena.Kubernetes.Runtime;

/// <summary>This process no longer leads and never will again: it has to end, so that its successor is the only one at work.</summary>
public sealed class LeadershipLost(string message) : Exception(message);
