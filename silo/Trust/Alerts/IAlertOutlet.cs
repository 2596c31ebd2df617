using TrustMesh.Contracts;

namespace TrustMesh.Trust.Alerts;

/// <summary>Where what becomes of alerts is told, outside of the mesh.</summary>
public interface IAlertOutlet
{
    /// <summary>Takes it on: once this returns it is not lost any more. Called again after a crash, with the same.</summary>
    /// <param name="what">fired, acknowledged, resolved.</param>
    Task OfferAsync(AlertView alert, string what, CancellationToken cancellation);

    /// <summary>Somebody did something that may be about it.</summary>
    Task RereadAsync(CancellationToken cancellation);

    /// <summary>Whether this silo tells, from now on.</summary>
    Task TurnAsync(bool its);
}
