global using Grid = Kontena.Kubernetes.Resources.Resource<
    Kontena.Operator.Core.Api.GridSpec, Kontena.Operator.Core.Api.GridStatus>;
global using KontenaNode = Kontena.Kubernetes.Resources.Resource<
    Kontena.Operator.Core.Api.KontenaNodeSpec, Kontena.Operator.Core.Api.KontenaNodeStatus>;
global using NodePool = Kontena.Kubernetes.Resources.Resource<
    Kontena.Operator.Core.Api.NodePoolSpec, Kontena.Operator.Core.Api.NodePoolStatus>;
