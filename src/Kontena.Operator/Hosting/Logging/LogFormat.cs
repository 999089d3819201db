namespace Kontena.Operator.Hosting.Logging;

/// <summary>How log lines look.</summary>
public enum LogFormat
{
    /// <summary>For people: <c>12:00:03 INF Created web-0 Pool=default/web</c>.</summary>
    Text,

    /// <summary>For collectors: one JSON object a line.</summary>
    Json,
}
