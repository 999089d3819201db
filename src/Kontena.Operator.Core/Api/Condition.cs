using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Kontena.Operator.Core.Api.Schema;

namespace Kontena.Operator.Core.Api;

/// <summary>
/// What is known about one aspect of an object, in the shape of <c>metav1.Condition</c>. A condition always has a reason;
/// one that asks for a human says what to do.
/// </summary>
public sealed record Condition
{
    [Required, MaxLength(316), Description("Which aspect, in CamelCase.")]
    public required string Type { get; init; }

    [Required, AllowedValues("True", "False", "Unknown"), Description("Whether it holds; Unknown where it has not been observed.")]
    public required string Status { get; init; }

    [Required, MinLength(1), MaxLength(1024), RegularExpression("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"), Description("One word for programs.")]
    public required string Reason { get; init; }

    [Required, MaxLength(32768), Description("A sentence for people: what is, and what to do.")]
    public required string Message { get; init; }

    [Required, Format("date-time"), Description("When the status last changed.")]
    public required DateTimeOffset LastTransitionTime { get; init; }

    [Range(0, long.MaxValue), Description("The metadata.generation that this was said of.")]
    public long? ObservedGeneration { get; init; }

    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsTrue => Status == ConditionStatus.True;
}
