namespace Kontena.Operator.Tests.Walks;

/// <summary>A walk before it is walked: the kind of cloud and the steps. Made from a seed, or what a shrinker left of one.</summary>
internal sealed record Script(int Seed, bool Keyed, IReadOnlyList<Step> Steps)
{
    /// <summary>How often each kind of step comes, relative to each other.</summary>
    private static readonly (StepKind Kind, int Weight)[] Weights =
    [
        (StepKind.Apply, 6), (StepKind.Scale, 7), (StepKind.DeletePool, 2), (StepKind.DeleteNode, 5), (StepKind.EditTypes, 2), (StepKind.EditUserData, 2),
        (StepKind.Pause, 2), (StepKind.Unpause, 2), (StepKind.MoveToSecret, 1), (StepKind.RotateCredentials, 2), (StepKind.SpoilCredentials, 1), (StepKind.DeleteCredentials, 1), (StepKind.TakeForeignCredentials, 1), (StepKind.Abandon, 2),
        (StepKind.TerminateByHand, 3), (StepKind.Vanish, 2), (StepKind.Stop, 1), (StepKind.StartAgain, 1), (StepKind.PlaceForeign, 2),
        (StepKind.Drought, 2), (StepKind.Quota, 1), (StepKind.Hide, 3), (StepKind.CloudTrouble, 10), (StepKind.Blind, 2), (StepKind.BreakPromises, 1), (StepKind.CloudDown, 1), (StepKind.CloudUp, 2),
        (StepKind.ApiTrouble, 8), (StepKind.ApiDown, 1), (StepKind.ApiUp, 2), (StepKind.FreezeWatch, 3), (StepKind.ThawWatch, 5), (StepKind.EndWatches, 1), (StepKind.Compact, 1),
        (StepKind.Hold, 10), (StepKind.Turn, 25), (StepKind.Settle, 20), (StepKind.Advance, 25), (StepKind.Wake, 3), (StepKind.Die, 5), (StepKind.Depose, 2),
    ];

    /// <summary>And of those that are only taken in a grid.</summary>
    private static readonly (StepKind Kind, int Weight)[] GridWeights =
    [
        (StepKind.AbandonEntry, 1), (StepKind.DeleteGrid, 1), (StepKind.MakeGrid, 2), (StepKind.RemoveEntry, 2), (StepKind.RelabelEntry, 2), (StepKind.PlaceForeignEntry, 2),
        (StepKind.MasterTrouble, 10), (StepKind.MasterDown, 2), (StepKind.MasterUp, 3), (StepKind.DeleteNode, 5),
    ];

    private static readonly StepKind[] Deck = [.. Weights.SelectMany(w => Enumerable.Repeat(w.Kind, w.Weight))];

    private static readonly StepKind[] GridDeck = [.. Deck, .. GridWeights.SelectMany(w => Enumerable.Repeat(w.Kind, w.Weight))];

    /// <summary>How many initial members the grid has that every pool joins; null: there is none.</summary>
    public int? InitialSize { get; init; }

    public static Script Of(int seed)
    {
        var random = new Random(seed);
        List<Step> steps = [New(StepKind.Apply, random), new(StepKind.Settle)];
        var count = random.Next(60, 140);
        // Half of all walks are in a grid; the groups of tests take every eighth seed each.
        int? size = seed / 8 % 2 == 0 ? null : seed / 16 % 3 == 0 ? 1 : 3;
        var deck = size is null ? Deck : GridDeck;
        while (steps.Count < count) steps.Add(New(deck[random.Next(deck.Length)], random));
        return new Script(seed, Keyed: seed % 3 != 0, steps) { InitialSize = size };
    }

    private static Step New(StepKind kind, Random random) => new(kind, random.Next(1000), random.Next(1000), random.Next(1000));
}
