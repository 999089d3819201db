using System.Globalization;
using System.Text;

namespace Kontena.Kubernetes.Client;

/// <summary>Appends query parameters to a path; what is null is left out.</summary>
internal sealed class QueryText(string path)
{
    private readonly StringBuilder text = new(path);
    private char separator = '?';

    public QueryText Add(string name, string? value)
    {
        if (value is null) return this;
        text.Append(separator).Append(name).Append('=').Append(Uri.EscapeDataString(value));
        separator = '&';
        return this;
    }

    public QueryText Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>The parameters of every write.</summary>
    public QueryText Add(WriteOptions options) =>
        Add("fieldManager", options.FieldManager).Add("dryRun", options.DryRun ? "All" : null).Add("fieldValidation", options.Validation?.ToString());

    public override string ToString() => text.ToString();
}
