using TrustMesh.Wire;

namespace TrustMesh.Trust.Alerts;

/// <summary>What is wrong with a silo.</summary>
/// <param name="Rule">One of <see cref="SiloTroubles.Rules"/>.</param>
public readonly record struct SiloTrouble(string Rule, string Silo)
{
    /// <summary>The same words as long as it lasts, so that it is one alert: how far a clock is off is on the page of silos.</summary>
    public AlertCause Cause => new(
        Grammar.Fit(Rule switch
        {
            SiloTroubles.Clock => $"the clock of {Silo} is wrong",
            SiloTroubles.Silent => $"{Silo} does not report",
            _ => $"the storage of {Silo} fails",
        }), null, Silo);
}
