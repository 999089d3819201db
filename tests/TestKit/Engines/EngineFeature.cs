namespace Kontena.TestKit.Engines;

/// <summary>What a test may need of an engine beyond plain serving of CRDs; an engine without it skips the test, saying so.</summary>
public enum EngineFeature
{
    /// <summary>Dependents of a deleted owner are collected.</summary>
    GarbageCollection,

    /// <summary>CEL rules in CRD schemas hold (kube-apiserver 1.25 and newer).</summary>
    CelRules,

    /// <summary><c>fieldValidation=Strict</c> refuses unknown fields (kube-apiserver 1.25 and newer).</summary>
    StrictFields,

    /// <summary>Version 1 is too old to watch from or to list at, however young the engine is.</summary>
    ForgottenPast,

    /// <summary>Custom resources are described at <c>/openapi/v3</c> (kube-apiserver 1.24 and newer).</summary>
    OpenApiV3,

    /// <summary><c>application/apply-patch+yaml</c> with field ownership.</summary>
    ServerSideApply,
}
