using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace Kontena.Operator.Core.Api;

/// <summary>A Grid in the same namespace.</summary>
public sealed record GridRef
{
    [Required, MaxLength(253), RegularExpression(Patterns.ObjectName), Description("Name of the Grid.")]
    public required string Name { get; init; }
}
