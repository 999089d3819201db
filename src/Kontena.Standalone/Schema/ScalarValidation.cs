using System.Globalization;

namespace Kontena.Standalone.Schema;

/// <summary>The bounds on numbers and strings.</summary>
internal static class ScalarValidation
{
    public static void Validate(JsonNode node, ValueLimits limits, string path, List<FieldError> errors)
    {
        if (node.Text() is { } text) ValidateText(text, limits, path, errors);
        else if (ValueLimits.Number(node) is { } number) ValidateNumber(node, number, limits, path, errors);
        if (limits.Format is { } format && !Formats.Holds(format, node))
        {
            var fault = FieldError.TypeInvalid(path, node, $"{path} in body must be of type {format}: {JsonText.SerializeToString(node)}");
            errors.Add(node.Text() is null ? fault with { Field = FieldError.Unnamed } : fault);
        }
    }

    private static void ValidateText(string text, ValueLimits limits, string path, List<FieldError> errors)
    {
        // Lengths count code points, not UTF-16 units.
        var length = text.EnumerateRunes().Count();
        if (length > limits.MaxLength) errors.Add(FieldError.TooLong(path, limits.MaxLength.Value));
        if (length < limits.MinLength)
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should be at least {limits.MinLength} chars long"));
        if (limits.Expression is { } expression && !expression.IsMatch(text))
            errors.Add(FieldError.Invalid(path, text, $"{path} in body should match '{limits.Pattern}'"));
    }

    private static void ValidateNumber(JsonNode node, double number, ValueLimits limits, string path, List<FieldError> errors)
    {
        if (limits.Minimum is { } least && (limits.ExclusiveMinimum ? number <= least : number < least))
            Report($"should be greater than{OrEqual(limits.ExclusiveMinimum)} {Text(least)}");
        if (limits.Maximum is { } most && (limits.ExclusiveMaximum ? number >= most : number > most))
            Report($"should be less than{OrEqual(limits.ExclusiveMaximum)} {Text(most)}");
        if (limits.MultipleOf is { } step && Math.Abs(number / step - Math.Round(number / step)) > 1e-9)
            Report($"should be a multiple of {Text(step)}");

        void Report(string what) => errors.Add(FieldError.Invalid(path, node, $"{path} in body {what}"));
    }

    private static string OrEqual(bool exclusive) => exclusive ? "" : " or equal to";

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
